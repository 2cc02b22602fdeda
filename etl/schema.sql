-- The database of the Tsunagari Atlas. The two halves of the program meet here:
-- etl/ writes it, atlas/store reads it. Shares are 0-1. A value that is missing
-- says why in `status` (catalog/status.py). Totals of a breakdown say 'all'.

CREATE TABLE source (
    source_id      VARCHAR PRIMARY KEY,
    kind           VARCHAR NOT NULL,      -- official | sample | own
    title_ja       VARCHAR NOT NULL,
    title_en       VARCHAR NOT NULL,
    producer_ja    VARCHAR NOT NULL,
    producer_en    VARCHAR NOT NULL,
    url            VARCHAR,
    licence_ja     VARCHAR NOT NULL,
    licence_en     VARCHAR NOT NULL,
    attribution_ja VARCHAR NOT NULL,
    attribution_en VARCHAR NOT NULL,
    processing_ja  VARCHAR,               -- what this project did to it, in its own words
    processing_en  VARCHAR,
    retrieved      VARCHAR,               -- ISO date; NULL: not recorded
    sha256         VARCHAR,               -- of the file read; NULL: not recorded
    tried_on_real_file BOOLEAN NOT NULL
);

CREATE TABLE indicator (
    indicator_id   VARCHAR PRIMARY KEY,
    topic          VARCHAR NOT NULL,
    kind           VARCHAR NOT NULL,      -- count | share | rate | mean | index
    title_ja       VARCHAR NOT NULL,
    title_en       VARCHAR NOT NULL,
    short_ja       VARCHAR NOT NULL,
    short_en       VARCHAR NOT NULL,
    definition_ja  VARCHAR NOT NULL,
    definition_en  VARCHAR NOT NULL,
    unit_ja        VARCHAR NOT NULL,
    unit_en        VARCHAR NOT NULL,
    decimals       INTEGER NOT NULL,      -- on screen; a share's are of its percentage
    numerator      VARCHAR,
    denominator    VARCHAR,
    levels         VARCHAR[] NOT NULL,
    sources        VARCHAR[] NOT NULL,
    direction      VARCHAR NOT NULL,      -- higher_means_more_need | higher_means_less_need | none
    caution_ja     VARCHAR,
    caution_en     VARCHAR
);

-- Years at which a line has to be cut, and why.
CREATE TABLE indicator_break (
    indicator_id VARCHAR NOT NULL,
    year         INTEGER NOT NULL,
    reason_ja    VARCHAR NOT NULL,
    reason_en    VARCHAR NOT NULL
);

CREATE TABLE area (
    area_code   VARCHAR PRIMARY KEY,
    level       VARCHAR NOT NULL,         -- nation | prefecture | municipality | ward | school_district | small_area
    parent_code VARCHAR,
    name_ja     VARCHAR NOT NULL,
    name_en     VARCHAR                   -- NULL where no published romanisation is held
);

CREATE TABLE area_change (
    old_code  VARCHAR NOT NULL,
    new_code  VARCHAR NOT NULL,
    date      VARCHAR NOT NULL,
    kind      VARCHAR NOT NULL,           -- renamed | recoded
    old_name_ja VARCHAR NOT NULL,
    new_name_ja VARCHAR NOT NULL
);

-- Where a figure was actually read.
CREATE TABLE citation (
    citation_id VARCHAR PRIMARY KEY,
    publication VARCHAR NOT NULL,         -- the line to show
    read_in     VARCHAR,                  -- the text in which it was read; NULL: the publication itself
    verified    VARCHAR NOT NULL,         -- yes | yes_two_sources | yes_reassembled | derived | secondary | file
    note        VARCHAR
);

CREATE TABLE observation (
    indicator_id   VARCHAR NOT NULL,
    area_code      VARCHAR NOT NULL,
    year           INTEGER NOT NULL,
    sex            VARCHAR NOT NULL,
    age_group      VARCHAR NOT NULL,
    household_type VARCHAR NOT NULL,
    value          DOUBLE,
    numerator      DOUBLE,                -- only where both counts are held exactly
    denominator    DOUBLE,
    status         VARCHAR NOT NULL,
    precision      VARCHAR NOT NULL,      -- unit | thousand | 10 thousand | 0.1 | 0.01 | 1 (points of a percentage)
    source_id      VARCHAR NOT NULL,
    citation_id    VARCHAR,
    reason_ja      VARCHAR,               -- why a value is missing
    reason_en      VARCHAR
);
-- No PRIMARY KEY: its index doubles the file and the time to write it. That each cell (indicator_id, area_code, year,
-- sex, age_group, household_type) stands once is checked before (etl/checks.py); the rows are written in that order.

CREATE TABLE projection (
    indicator_id   VARCHAR NOT NULL,
    area_code      VARCHAR NOT NULL,
    vintage        INTEGER NOT NULL,
    year           INTEGER NOT NULL,
    sex            VARCHAR NOT NULL,
    age_group      VARCHAR NOT NULL,
    household_type VARCHAR NOT NULL,
    value          DOUBLE NOT NULL,
    is_base_year   BOOLEAN NOT NULL,
    precision      VARCHAR NOT NULL,
    source_id      VARCHAR NOT NULL,
    citation_id    VARCHAR,
    PRIMARY KEY (indicator_id, area_code, vintage, year, sex, age_group, household_type)
);

CREATE TABLE survey_wave (
    survey         VARCHAR NOT NULL,
    year           INTEGER NOT NULL,
    title_ja       VARCHAR NOT NULL,
    title_en       VARCHAR NOT NULL,
    reference_date VARCHAR,
    collection_end VARCHAR,
    published      VARCHAR,
    target         VARCHAR NOT NULL,
    sample_size    INTEGER,
    valid_n        INTEGER,
    response_rate  DOUBLE,
    mode_share_mail   DOUBLE,
    mode_share_online DOUBLE,
    publisher      VARCHAR NOT NULL,
    contractor     VARCHAR,
    url            VARCHAR,
    verified       VARCHAR NOT NULL,
    note           VARCHAR,
    PRIMARY KEY (survey, year)
);

CREATE TABLE survey_answer (
    survey      VARCHAR NOT NULL,
    year        INTEGER NOT NULL,
    question    VARCHAR NOT NULL,
    mode        VARCHAR NOT NULL,         -- 'all' where the question has no mode
    group_type  VARCHAR NOT NULL,         -- 'total' for everyone
    group_id    VARCHAR NOT NULL,         -- 'all' for everyone
    category    VARCHAR NOT NULL,
    share       DOUBLE,
    n           INTEGER,                  -- base of the group; NULL: not published
    base        VARCHAR NOT NULL,
    status      VARCHAR NOT NULL,
    source_id   VARCHAR NOT NULL,
    citation_id VARCHAR,
    PRIMARY KEY (survey, year, question, mode, group_type, group_id, category)
);

-- Words and order of everything a survey answer names: kind is
-- question | mode | group_type | group | category | base; scope is the question
-- (for categories) or the group type (for groups), '' otherwise.
CREATE TABLE survey_label (
    kind          VARCHAR NOT NULL,
    scope         VARCHAR NOT NULL,
    id            VARCHAR NOT NULL,
    position      INTEGER NOT NULL,
    title_ja      VARCHAR NOT NULL,
    title_en      VARCHAR NOT NULL,
    note_ja       VARCHAR,
    note_en       VARCHAR,
    PRIMARY KEY (kind, scope, id)
);

-- How the official trial isolation index counts, and its distribution.
CREATE TABLE contact_score_weight (
    category       VARCHAR PRIMARY KEY,
    monthly_weight DOUBLE,
    basis_ja       VARCHAR,
    citation_id    VARCHAR
);

CREATE TABLE contact_score_distribution (
    year        INTEGER NOT NULL,
    variant     VARCHAR NOT NULL,
    category    VARCHAR NOT NULL,
    position    INTEGER NOT NULL,
    title_ja    VARCHAR NOT NULL,
    score_min   DOUBLE,
    score_max   DOUBLE,
    count       INTEGER,
    share       DOUBLE,
    n           INTEGER,
    citation_id VARCHAR,
    PRIMARY KEY (year, variant, category)
);

CREATE TABLE needs_question (
    question_no VARCHAR PRIMARY KEY,
    question_ja VARCHAR NOT NULL,
    question_en VARCHAR NOT NULL,
    type        VARCHAR NOT NULL,
    requirement VARCHAR NOT NULL,
    options_ja  VARCHAR,
    suggested_indicator VARCHAR,
    citation_id VARCHAR
);

CREATE TABLE international_answer (
    country    VARCHAR NOT NULL,
    survey     VARCHAR NOT NULL,
    period     VARCHAR NOT NULL,
    population VARCHAR,
    measure    VARCHAR NOT NULL,
    group_id   VARCHAR NOT NULL,
    share      DOUBLE,                    -- 0-1; NULL where the published figure is not a share
    value      DOUBLE,                    -- the figure as published
    n          INTEGER,
    comparable_with_japan BOOLEAN NOT NULL,
    citation_id VARCHAR
);

CREATE TABLE build_info (
    key   VARCHAR PRIMARY KEY,
    value VARCHAR NOT NULL
);

-- Maps and small areas ------------------------------------------------------------------------------------------------

-- What was given and understood: one row a dataset of a file.
CREATE TABLE dataset (
    reader     VARCHAR NOT NULL,
    kind       VARCHAR NOT NULL,          -- school_districts | small_areas | small_area_table | places | boundaries | ...
    source_id  VARCHAR NOT NULL,
    file       VARCHAR NOT NULL,
    sha256     VARCHAR NOT NULL,
    year       INTEGER NOT NULL,
    municipalities VARCHAR[] NOT NULL,
    rows       INTEGER NOT NULL,
    is_sample  BOOLEAN NOT NULL,
    understood_ja VARCHAR NOT NULL,
    understood_en VARCHAR NOT NULL
);

-- What a planner has to know of a file or of a city's figures, in words with numbers.
CREATE TABLE remark (
    municipality_code VARCHAR,            -- NULL: of the whole file
    file      VARCHAR NOT NULL,
    kind      VARCHAR NOT NULL,
    text_ja   VARCHAR NOT NULL,
    text_en   VARCHAR NOT NULL
);

-- Shapes in longitude and latitude (JGD2011) as WKB. year: census year of small areas, edition of districts (census year of those made from a list).
CREATE TABLE area_geometry (
    area_code  VARCHAR NOT NULL,
    level      VARCHAR NOT NULL,          -- municipality | school_district | small_area
    municipality_code VARCHAR NOT NULL,
    year       INTEGER NOT NULL,
    area_km2   DOUBLE NOT NULL,
    longitude  DOUBLE NOT NULL,           -- a point that lies within the area: the one that stands for it
    latitude   DOUBLE NOT NULL,
    district_code VARCHAR,                -- of a small area: the school district in which that point lies
    origin     VARCHAR NOT NULL,          -- published | town_list (a school district put together from small areas by a list of 町字)
    geometry   BLOB NOT NULL
);

-- A district's figure by method, and where it comes from. `observation` holds the plain ones.
CREATE TABLE apportioned (
    area_code    VARCHAR NOT NULL,
    indicator_id VARCHAR NOT NULL,
    year         INTEGER NOT NULL,
    method       VARCHAR NOT NULL,        -- plain | renormalised | dasymetric (by the people of mesh squares, where a table is loaded)
    value        DOUBLE,
    status       VARCHAR NOT NULL,
    split_share  DOUBLE,                  -- of the district's households, from small areas that two districts share
    merged_share DOUBLE                   -- of the figure, through areas the producer counted together (合算)
);

-- How much of a city its districts hold.
CREATE TABLE apportioned_total (
    municipality_code VARCHAR NOT NULL,
    indicator_id VARCHAR NOT NULL,
    year         INTEGER NOT NULL,
    total        DOUBLE NOT NULL,         -- sum of the small areas
    inside       DOUBLE NOT NULL,
    outside      DOUBLE NOT NULL,
    small_areas  INTEGER NOT NULL,
    split_areas  INTEGER NOT NULL
);

CREATE TABLE place (
    place_id   VARCHAR NOT NULL,
    kind       VARCHAR NOT NULL,          -- elementary_school | junior_high_school | school | public_facility | community_centre | ibasho | kayoi_no_ba |
                                          -- consultation | childrens_cafeteria | member_organisation | other_place
    kind_ja    VARCHAR,                   -- 種別 as written in a city's own table
    name_ja    VARCHAR NOT NULL,
    address    VARCHAR,
    operator   VARCHAR,
    capacity   INTEGER,
    opened     VARCHAR,
    note       VARCHAR,
    municipality_code VARCHAR,
    district_code VARCHAR,
    longitude  DOUBLE NOT NULL,
    latitude   DOUBLE NOT NULL,
    source_id  VARCHAR NOT NULL
);

-- Rows of a city's own table of places that say no position: known, but on no map.
CREATE TABLE place_without_position (
    place_id   VARCHAR NOT NULL,
    kind       VARCHAR NOT NULL,
    kind_ja    VARCHAR,
    name_ja    VARCHAR NOT NULL,
    address    VARCHAR,
    operator   VARCHAR,
    capacity   INTEGER,
    opened     VARCHAR,
    note       VARCHAR,
    municipality_code VARCHAR,
    source_id  VARCHAR NOT NULL
);

-- つながりサポーター of a city's own table: one row a line. Numbers of people, never names.
CREATE TABLE supporter (
    municipality_code VARCHAR NOT NULL,
    district_code VARCHAR,                -- NULL: not matched
    place_text VARCHAR NOT NULL,          -- 学校区 or 町字 as written
    people     INTEGER NOT NULL,
    training_year INTEGER,                -- fiscal year; NULL: not said
    source_id  VARCHAR NOT NULL,
    status     VARCHAR NOT NULL           -- by_district | by_small_area | not_matched
);
