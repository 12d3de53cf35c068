"""What belongs to the trade: programs (CIP 2020), occupations (SOC 2018), settings (NAICS as the OEWS groups them)."""

DIRECT = {
    "51.0710": "Medical office assistant",
    "51.0711": "Medical office management and clinical assistant",
    "51.0712": "Medical reception",
    "51.0714": "Medical insurance specialist and biller",
    "51.0716": "Medical administrative assistant and secretary",
}
"""Programs that train for the job itself; the veterinary ones (01.8201, 01.8204) do not."""

RELATED = {
    "51.0701": "Health care administration",
    "51.0702": "Hospital administration",
    "51.0704": "Health unit management and ward supervision",
    "51.0705": "Medical office management",
    "51.0706": "Health information administration",
    "51.0707": "Health information technology",
    "51.0713": "Medical insurance coding",
    "51.0799": "Health and medical administrative services, other",
}
CIPS = {**DIRECT, **RELATED}

OCCUPATIONS = {
    "43-6013": "Medical secretary or administrative assistant",
    "43-4171": "Receptionist",
    "43-3021": "Billing clerk",
    "31-9092": "Medical assistant",
    "29-2072": "Medical records specialist",
    "11-9111": "Health services manager",
    "31-9094": "Medical transcriptionist",
    "43-4051": "Customer service representative",
    "43-1011": "Office supervisor",
    "43-6014": "Secretary, not medical",
    "43-9041": "Insurance claims clerk",
    "29-9021": "Health information technologist",
}
THE_JOB = "43-6013"
NATION = "0000000"
ALL_INDUSTRIES = "000000"

SETTINGS = {
    "621100": "physicians",
    "622000": "hospitals",
    "621200": "dentists",
    "621300": "other practitioners",
    "621400": "outpatient centers",
    "524114": "health insurers",
    "524100": "insurers",
    "561100": "office services",
    "541200": "billing and accounting",
}
"""OEWS industries (NAICS) that stand for a setting; urgent care lies within outpatient centers (6214)."""

HOURS_A_YEAR = 2080
"""A full year of 52 weeks of 40 hours: how the BLS turns hourly pay into yearly."""

FIPS = {
    "00": "US", "01": "AL", "02": "AK", "04": "AZ", "05": "AR", "06": "CA", "08": "CO", "09": "CT", "10": "DE",
    "11": "DC", "12": "FL", "13": "GA", "15": "HI", "16": "ID", "17": "IL", "18": "IN", "19": "IA", "20": "KS",
    "21": "KY", "22": "LA", "23": "ME", "24": "MD", "25": "MA", "26": "MI", "27": "MN", "28": "MS", "29": "MO",
    "30": "MT", "31": "NE", "32": "NV", "33": "NH", "34": "NJ", "35": "NM", "36": "NY", "37": "NC", "38": "ND",
    "39": "OH", "40": "OK", "41": "OR", "42": "PA", "44": "RI", "45": "SC", "46": "SD", "47": "TN", "48": "TX",
    "49": "UT", "50": "VT", "51": "VA", "53": "WA", "54": "WV", "55": "WI", "56": "WY",
}  # fmt: skip
"""The first two digits of a federal place code, and the state they mean."""
