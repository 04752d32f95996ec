CREATE TABLE characters (
	id INTEGER NOT NULL,
	name VARCHAR NOT NULL,
	slug VARCHAR NOT NULL,
	series VARCHAR NOT NULL,
	"query" VARCHAR NOT NULL,
	wanted INTEGER NOT NULL,
	state VARCHAR NOT NULL,
	reference_face INTEGER,
	created_at VARCHAR NOT NULL,
	PRIMARY KEY (id),
	UNIQUE (name),
	UNIQUE (slug)
);
CREATE TABLE changes (
	id INTEGER NOT NULL,
	at VARCHAR NOT NULL,
	who VARCHAR NOT NULL,
	action VARCHAR NOT NULL,
	edits JSON NOT NULL,
	undone_at VARCHAR NOT NULL,
	PRIMARY KEY (id)
);
CREATE TABLE results (
	id INTEGER NOT NULL,
	kind VARCHAR NOT NULL,
	name VARCHAR NOT NULL,
	made_from VARCHAR NOT NULL,
	at VARCHAR NOT NULL,
	detail JSON NOT NULL,
	PRIMARY KEY (id)
);
CREATE INDEX ix_results_kind ON results (kind);
CREATE TABLE notes (
	"key" VARCHAR NOT NULL,
	value JSON,
	PRIMARY KEY ("key")
);
CREATE TABLE pictures (
	id INTEGER NOT NULL,
	character_id INTEGER NOT NULL,
	kind VARCHAR NOT NULL,
	path VARCHAR NOT NULL,
	state VARCHAR NOT NULL,
	reason VARCHAR NOT NULL,
	duplicate_of INTEGER,
	review VARCHAR NOT NULL,
	source VARCHAR NOT NULL,
	"query" VARCHAR NOT NULL,
	picture_url VARCHAR NOT NULL,
	page_url VARCHAR NOT NULL,
	author VARCHAR NOT NULL,
	licence VARCHAR NOT NULL,
	rating VARCHAR NOT NULL,
	tags VARCHAR NOT NULL,
	fetched_at VARCHAR NOT NULL,
	sha256 VARCHAR NOT NULL,
	phash VARCHAR NOT NULL,
	width INTEGER NOT NULL,
	height INTEGER NOT NULL,
	group_key VARCHAR NOT NULL,
	known_faces JSON NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(character_id) REFERENCES characters (id)
);
CREATE INDEX ix_pictures_state ON pictures (state);
CREATE INDEX ix_pictures_character_id ON pictures (character_id);
CREATE INDEX ix_pictures_sha256 ON pictures (sha256);
CREATE TABLE fetches (
	id INTEGER NOT NULL,
	character_id INTEGER NOT NULL,
	source VARCHAR NOT NULL,
	"query" VARCHAR NOT NULL,
	url VARCHAR NOT NULL,
	page_url VARCHAR NOT NULL,
	outcome VARCHAR NOT NULL,
	reason VARCHAR NOT NULL,
	picture_id INTEGER,
	at VARCHAR NOT NULL,
	PRIMARY KEY (id),
	CONSTRAINT one_fetch_a_url UNIQUE (character_id, url),
	FOREIGN KEY(character_id) REFERENCES characters (id)
);
CREATE INDEX ix_fetches_character_id ON fetches (character_id);
CREATE TABLE faces (
	id INTEGER NOT NULL,
	picture_id INTEGER NOT NULL,
	character_id INTEGER NOT NULL,
	path VARCHAR NOT NULL,
	x FLOAT NOT NULL,
	y FLOAT NOT NULL,
	w FLOAT NOT NULL,
	h FLOAT NOT NULL,
	detector VARCHAR NOT NULL,
	score FLOAT NOT NULL,
	quality FLOAT NOT NULL,
	state VARCHAR NOT NULL,
	reason VARCHAR NOT NULL,
	decided_by VARCHAR NOT NULL,
	decided_at VARCHAR NOT NULL,
	split VARCHAR NOT NULL,
	copy_of INTEGER,
	made_by VARCHAR NOT NULL,
	sha256 VARCHAR NOT NULL,
	phash VARCHAR NOT NULL,
	revision INTEGER NOT NULL,
	created_at VARCHAR NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(picture_id) REFERENCES pictures (id),
	FOREIGN KEY(character_id) REFERENCES characters (id),
	FOREIGN KEY(copy_of) REFERENCES faces (id)
);
CREATE INDEX ix_faces_state ON faces (state);
CREATE INDEX ix_faces_copy_of ON faces (copy_of);
CREATE INDEX ix_faces_sha256 ON faces (sha256);
CREATE INDEX ix_faces_character_id ON faces (character_id);
CREATE INDEX faces_by_character_and_state ON faces (character_id, state);
CREATE INDEX ix_faces_path ON faces (path);
CREATE INDEX ix_faces_picture_id ON faces (picture_id);
