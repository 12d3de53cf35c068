-- The people of the database. Run as postgres when a cluster is made, and again when this file changes.
-- owner: makes the tables. app: web, worker and verbs; owns nothing, cannot become the owner.
-- sealer: chains the diaries of all practices. search: owns the functions that look things up under a policy.
select format('create role %I', name) from unnest(array['daysheet_owner', 'daysheet_app', 'daysheet_sealer', 'daysheet_search']) name
 where not exists (select from pg_roles where rolname = name) \gexec
alter role daysheet_owner login createdb inherit nosuperuser nobypassrls nocreaterole noreplication;
alter role daysheet_app login nocreatedb noinherit nosuperuser nobypassrls nocreaterole noreplication;
alter role daysheet_sealer login nocreatedb noinherit nosuperuser nobypassrls nocreaterole noreplication;
alter role daysheet_search nologin nocreatedb noinherit nosuperuser nobypassrls nocreaterole noreplication;
grant daysheet_search to daysheet_owner with inherit false, set true;

\connect template1
create extension if not exists btree_gist;
create extension if not exists pg_trgm;
create extension if not exists unaccent;

\connect postgres
select format('create database %I owner daysheet_owner template template1', :'database')
 where not exists (select from pg_database where datname = :'database') \gexec
revoke all on database :"database" from public;
grant connect on database :"database" to daysheet_app, daysheet_sealer;
