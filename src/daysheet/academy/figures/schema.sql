-- The pack. Money in whole dollars; what a publisher does not release is NULL, never a mark. Every row says its source.
create table sources (id text primary key, file text not null, publisher text not null, release text not null,
    retrieved text not null, sha256 text not null, licence text not null, trust text not null) without rowid;
create table meta (key text primary key, value text not null) without rowid;
create table schools (unitid integer primary key, name text not null, city text, state text, zip text, lat real, lon real,
    sector integer, level integer, control integer, opeid text, website text, net_price_url text,
    is_closed integer not null, cbsa text, source_id text not null);
create table cips (cip text primary key, title text not null, kind text not null, source_id text not null) without rowid;
create table completions (unitid integer, cip text, award integer, year integer, awards integer not null, source_id text not null,
    primary key (unitid, cip, award, year)) without rowid;
create table program_prices (unitid integer, cip text, year integer, n integer, tuition integer, supplies integer, months real, length integer,
    unit text, source_id text not null, primary key (unitid, cip, year, n)) without rowid;
create table school_prices (unitid integer, year integer, in_state integer, out_state integer, tuition integer, fees integer,
    books integer, source_id text not null, primary key (unitid, year, source_id)) without rowid;
create table school_online (unitid integer, year integer, students integer, all_online integer, some_online integer,
    offers_distance integer, source_id text not null, primary key (unitid, year, source_id)) without rowid;
create table program_online (unitid integer, cip text, year integer, programs integer, online integer, source_id text not null,
    primary key (unitid, cip, year)) without rowid;
create table program_results (unitid integer, opeid6 text, cip4 text, level integer, year text, earnings_1yr integer, earnings_4yr integer,
    debt integer, source_id text not null, primary key (opeid6, unitid, cip4, level)) without rowid;
create table areas (area text primary key, kind text not null, name text not null, state text, source_id text not null) without rowid;
create table industries (industry text primary key, name text not null, setting text, source_id text not null) without rowid;
create table occupations (soc text primary key, title text not null, role text not null, source_id text not null) without rowid;
create table wages (area text, industry text, soc text, year integer, jobs integer, jobs_rse real, mean integer,
    p10 integer, p25 integer, p50 integer, p75 integer, p90 integer, wage_rse real, top_coded integer not null, source_id text not null, primary key (soc, area, industry, year)) without rowid;
create table outlook (soc text, base_year integer, target_year integer, jobs_base real, jobs_target real, change real, change_pct real,
    openings real, median integer, education text, source_id text not null, primary key (soc, base_year)) without rowid;
create table outlook_reasons (soc text, base_year integer, industry text, reason text, source_id text not null,
    primary key (soc, base_year, industry)) without rowid;
create table crosswalk (cip text, soc text, source_id text not null, primary key (cip, soc)) without rowid;
create table parities (state text, year integer, all_items real, housing real, source_id text not null, primary key (state, year)) without rowid;
create table tasks (soc text, n integer, text text not null, kind text not null, source_id text not null, primary key (soc, n)) without rowid;
create table tools (soc text, category text, example text, is_hot integer not null, source_id text not null,
    primary key (soc, category, example)) without rowid;
-- Places by ZIP code, degrees times 10,000 so that the file stays small; a town's name stands at its first ZIP code.
create table zip_cells (zip integer primary key, lat4 integer not null, lon4 integer not null, city text, state text,
    source_id text not null);
create view zips as select printf('%05d', zip) as zip, lat4 / 10000.0 as lat, lon4 / 10000.0 as lon, city, state, source_id from zip_cells;
create table etpl (state text, provider text, program text, unitid integer, cip text, cost integer, source_id text not null,
    primary key (state, provider, program)) without rowid;
