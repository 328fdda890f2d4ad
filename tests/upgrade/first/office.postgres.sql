SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
SET default_tablespace = '';
SET default_table_access_method = heap;
CREATE TABLE public.agent (
    id character varying(30) NOT NULL,
    organisation character varying(30) NOT NULL,
    email character varying(254) NOT NULL,
    name character varying(200) DEFAULT ''::character varying NOT NULL,
    kind character varying(10) DEFAULT 'person'::character varying NOT NULL,
    role character varying(12) NOT NULL,
    active boolean DEFAULT true NOT NULL,
    status character varying(10) DEFAULT 'online'::character varying NOT NULL,
    language character varying(2) DEFAULT 'nl'::character varying NOT NULL,
    password_hash character varying(200) DEFAULT ''::character varying NOT NULL,
    created_at bigint NOT NULL,
    CONSTRAINT ck_agent_kind CHECK (((kind)::text = ANY ((ARRAY['person'::character varying, 'bot'::character varying])::text[]))),
    CONSTRAINT ck_agent_role CHECK (((role)::text = ANY ((ARRAY['admin'::character varying, 'supervisor'::character varying, 'agent'::character varying])::text[]))),
    CONSTRAINT ck_agent_status CHECK (((status)::text = ANY ((ARRAY['online'::character varying, 'away'::character varying])::text[])))
);
CREATE TABLE public.agent_session (
    digest bytea NOT NULL,
    organisation character varying(30) NOT NULL,
    agent character varying(30) NOT NULL,
    created_at bigint NOT NULL,
    seen_at bigint NOT NULL,
    expires_at bigint NOT NULL
);
CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.contact (
    id character varying(30) NOT NULL,
    organisation character varying(30) NOT NULL,
    name character varying(200) DEFAULT ''::character varying NOT NULL,
    email character varying(254) DEFAULT ''::character varying NOT NULL,
    phone character varying(40) DEFAULT ''::character varying NOT NULL,
    language character varying(2) DEFAULT 'nl'::character varying NOT NULL,
    created_at bigint NOT NULL
);
CREATE TABLE public.conversation (
    id character varying(30) NOT NULL,
    organisation character varying(30) NOT NULL,
    inbox character varying(30) NOT NULL,
    contact character varying(30) NOT NULL,
    number integer NOT NULL,
    status character varying(8) NOT NULL,
    assignee character varying(30),
    assignee_actor text,
    language character varying(2) NOT NULL,
    seq integer NOT NULL,
    chain bytea NOT NULL,
    opened_at bigint NOT NULL,
    closed_at bigint,
    last_at bigint NOT NULL,
    last text,
    waiting_since bigint,
    visitor_delivered integer DEFAULT 0 NOT NULL,
    visitor_read integer DEFAULT 0 NOT NULL,
    desk_delivered integer DEFAULT 0 NOT NULL,
    desk_read integer DEFAULT 0 NOT NULL,
    visitor_unread integer DEFAULT 0 NOT NULL,
    desk_unread integer DEFAULT 0 NOT NULL,
    CONSTRAINT ck_conversation_status CHECK (((status)::text = ANY ((ARRAY['open'::character varying, 'closed'::character varying])::text[])))
);
COMMENT ON TABLE public.conversation IS 'A projection of its stream: seq and chain are the stream''s head.';
CREATE TABLE public.draft (
    agent character varying(30) NOT NULL,
    conversation character varying(30) NOT NULL,
    kind character varying(8) NOT NULL,
    text text NOT NULL,
    at bigint NOT NULL
);
CREATE TABLE public.fact (
    "position" bigint NOT NULL,
    organisation character varying(30) NOT NULL,
    inbox character varying(30),
    stream character varying(30) NOT NULL,
    seq integer NOT NULL,
    at bigint NOT NULL,
    kind character varying(40) NOT NULL,
    actor_kind character varying(8) NOT NULL,
    actor character varying(30) NOT NULL,
    actor_name character varying(200) NOT NULL,
    body text,
    salt bytea,
    digest bytea NOT NULL,
    chain bytea NOT NULL
);
COMMENT ON TABLE public.fact IS 'The log. Never changed; erasing a text empties body and salt and leaves digest and chain.';
CREATE TABLE public.history (
    epoch character varying(36) NOT NULL
);
COMMENT ON TABLE public.history IS 'One row: the id of this database''s history; a restore from backup writes a new one.';
CREATE TABLE public.idempotency_key (
    organisation character varying(30) NOT NULL,
    agent character varying(30) NOT NULL,
    route character varying(100) NOT NULL,
    key character varying(200) NOT NULL,
    body_digest bytea NOT NULL,
    answer bytea NOT NULL,
    created_at bigint NOT NULL
);
CREATE TABLE public.inbox (
    id character varying(30) NOT NULL,
    organisation character varying(30) NOT NULL,
    team character varying(30),
    kind character varying(12) DEFAULT 'web'::character varying NOT NULL,
    name character varying(200) DEFAULT ''::character varying NOT NULL,
    key character varying(40) NOT NULL,
    language character varying(2) DEFAULT 'nl'::character varying NOT NULL,
    allowed_origins text DEFAULT '[]'::text NOT NULL,
    reopen_within_s integer DEFAULT 86400 NOT NULL,
    created_at bigint NOT NULL
);
CREATE TABLE public.message (
    external_id character varying(200) NOT NULL,
    sender character varying(30) NOT NULL,
    inbox character varying(30) NOT NULL,
    organisation character varying(30) NOT NULL,
    conversation character varying(30) NOT NULL,
    seq integer NOT NULL,
    at bigint NOT NULL
);
COMMENT ON TABLE public.message IS 'Which message is which fact: the narrow key that makes a repeat harmless (I2). The text is in the fact.';
CREATE TABLE public.organisation (
    id character varying(30) NOT NULL,
    name character varying(200) DEFAULT ''::character varying NOT NULL,
    last_number integer DEFAULT 0 NOT NULL,
    created_at bigint NOT NULL
);
CREATE TABLE public.page_view (
    id bigint NOT NULL,
    organisation character varying(30) NOT NULL,
    visitor character varying(30) NOT NULL,
    visit character varying(36) NOT NULL,
    url character varying(2000) DEFAULT ''::character varying NOT NULL,
    title character varying(300) DEFAULT ''::character varying NOT NULL,
    tab character varying(40) DEFAULT ''::character varying NOT NULL,
    at bigint NOT NULL
);
CREATE SEQUENCE public.page_view_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.page_view_id_seq OWNED BY public.page_view.id;
CREATE TABLE public.reply (
    id character varying(30) NOT NULL,
    organisation character varying(30) NOT NULL,
    shortcut character varying(40) NOT NULL,
    title character varying(200) NOT NULL,
    text text NOT NULL,
    language character varying(2) DEFAULT ''::character varying NOT NULL,
    changed_at bigint NOT NULL,
    CONSTRAINT ck_reply_language CHECK (((language)::text = ANY ((ARRAY['nl'::character varying, 'en'::character varying, ''::character varying])::text[])))
);
CREATE TABLE public.stream (
    id character varying(30) NOT NULL,
    organisation character varying(30) NOT NULL,
    seq integer NOT NULL,
    chain bytea NOT NULL
);
COMMENT ON TABLE public.stream IS 'Heads of the agents'' and organisations'' streams; conversations carry their own.';
CREATE TABLE public.team (
    id character varying(30) NOT NULL,
    organisation character varying(30) NOT NULL,
    name character varying(200) DEFAULT ''::character varying NOT NULL
);
CREATE TABLE public.team_member (
    team character varying(30) NOT NULL,
    agent character varying(30) NOT NULL
);
CREATE TABLE public.visitor (
    id character varying(30) NOT NULL,
    organisation character varying(30) NOT NULL,
    inbox character varying(30) NOT NULL,
    contact character varying(30),
    token_hash bytea NOT NULL,
    previous_hash bytea,
    previous_until bigint,
    origin character varying(300) DEFAULT ''::character varying NOT NULL,
    name character varying(200) DEFAULT ''::character varying NOT NULL,
    email character varying(254) DEFAULT ''::character varying NOT NULL,
    device character varying(200) DEFAULT ''::character varying NOT NULL,
    language character varying(2) DEFAULT 'nl'::character varying NOT NULL,
    created_at bigint NOT NULL,
    rotated_at bigint NOT NULL,
    expires_at bigint NOT NULL
);
COMMENT ON TABLE public.visitor IS 'A browser with a token: an address of kind visitor, and a contact from its first message on.';
ALTER TABLE ONLY public.page_view ALTER COLUMN id SET DEFAULT nextval('public.page_view_id_seq'::regclass);
INSERT INTO public.agent VALUES
	('agt_01m80gc5twfdwv3gwrsbrpmh1t', 'org_01m80gc54sfxc8t0hxrx2rxyye', 'sanne@groenestroom.example', 'Sanne', 'person', 'admin', true, 'online', 'nl', '$argon2id$v=19$m=65536,t=3,p=4$GfdCtASTHMPi0m8dR4r3gw$pkVG2ee/21X7JJ4bwYX6swFMm5bOuf/lL3VnAnOOC1U', 1790000000000),
	('agt_01m80gc5txf2y853dzjz9vzced', 'org_01m80gc54sfxc8t0hxrx2rxyye', 'daan@groenestroom.example', 'Daan', 'person', 'supervisor', true, 'online', 'nl', '$argon2id$v=19$m=65536,t=3,p=4$GfdCtASTHMPi0m8dR4r3gw$pkVG2ee/21X7JJ4bwYX6swFMm5bOuf/lL3VnAnOOC1U', 1790000000000),
	('agt_01m80gc5txet6vfjdbhcwhgpdj', 'org_01m80gc54sfxc8t0hxrx2rxyye', 'fatima@groenestroom.example', 'Fatima', 'person', 'agent', true, 'online', 'nl', '$argon2id$v=19$m=65536,t=3,p=4$GfdCtASTHMPi0m8dR4r3gw$pkVG2ee/21X7JJ4bwYX6swFMm5bOuf/lL3VnAnOOC1U', 1790000000000),
	('agt_01m80gc5txe4jvma6d14wkktcw', 'org_01m80gc54sfxc8t0hxrx2rxyye', 'tom@groenestroom.example', 'Tom', 'person', 'agent', true, 'online', 'nl', '$argon2id$v=19$m=65536,t=3,p=4$GfdCtASTHMPi0m8dR4r3gw$pkVG2ee/21X7JJ4bwYX6swFMm5bOuf/lL3VnAnOOC1U', 1790000000000),
	('agt_01m80gc5v3ebnrd27zx7r8r26k', 'org_01m80gc5v2fm18bgb0g8vw67hd', 'eva@blauwegracht.example', 'Eva', 'person', 'admin', true, 'online', 'nl', '$argon2id$v=19$m=65536,t=3,p=4$GfdCtASTHMPi0m8dR4r3gw$pkVG2ee/21X7JJ4bwYX6swFMm5bOuf/lL3VnAnOOC1U', 1790000000000),
	('agt_01m80gc5v3efnvvppesajy8qax', 'org_01m80gc5v2fm18bgb0g8vw67hd', 'joris@blauwegracht.example', 'Joris', 'person', 'agent', true, 'online', 'nl', '$argon2id$v=19$m=65536,t=3,p=4$GfdCtASTHMPi0m8dR4r3gw$pkVG2ee/21X7JJ4bwYX6swFMm5bOuf/lL3VnAnOOC1U', 1790000000000);
INSERT INTO public.alembic_version VALUES
	('edge_0001'),
	('replies_0001');
INSERT INTO public.contact VALUES
	('con_01m80gc5w0fpja475ah7qqgbv1', 'org_01m80gc54sfxc8t0hxrx2rxyye', 'Marieke hallo', 'marieke@example.nl', '', 'nl', 1790000000000),
	('con_01m80gc5zdf27tt1qnekqb5fw6', 'org_01m80gc54sfxc8t0hxrx2rxyye', 'Marieke bedankt', 'marieke@example.nl', '', 'nl', 1790000000000);
INSERT INTO public.conversation VALUES
	('cnv_01m80gc5w0eema4xth3jm85qjm', 'org_01m80gc54sfxc8t0hxrx2rxyye', 'inb_01m80gc54teg0t980htwt7z7ff', 'con_01m80gc5w0fpja475ah7qqgbv1', 1, 'open', 'agt_01m80gc5twfdwv3gwrsbrpmh1t', '{"kind":"agent","id":"agt_01m80gc5twfdwv3gwrsbrpmh1t","name":"Sanne"}', 'nl', 9, '\xc55f7335bbee99f10442f74ac5cc48652160fca69e621c6a8fc1f0bd9f2200f7', 1790000000000, NULL, 1790000000000, '{"kind":"message","actor":{"kind":"contact","id":"con_01m80gc5w0fpja475ah7qqgbv1","name":"Marieke Visser"},"text":"Toch nog iets"}', 1790000000000, 9, 9, 7, 7, 0, 1),
	('cnv_01m80gc5zdebjb6v3mv379ywrn', 'org_01m80gc54sfxc8t0hxrx2rxyye', 'inb_01m80gc54teg0t980htwt7z7ff', 'con_01m80gc5zdf27tt1qnekqb5fw6', 2, 'open', 'agt_01m80gc5twfdwv3gwrsbrpmh1t', '{"kind":"agent","id":"agt_01m80gc5twfdwv3gwrsbrpmh1t","name":"Sanne"}', 'nl', 9, '\x2eb274922369564d99d7983e4ae83bb8b0414e5e3a9a90c209eb91da39e06f79', 1790000000000, NULL, 1790000000000, '{"kind":"message","actor":{"kind":"contact","id":"con_01m80gc5zdf27tt1qnekqb5fw6","name":"Marieke Visser"},"text":"Toch nog iets"}', 1790000000000, 9, 9, 7, 7, 0, 1);
INSERT INTO public.draft VALUES
	('agt_01m80gc5twfdwv3gwrsbrpmh1t', 'cnv_01m80gc5w0eema4xth3jm85qjm', 'message', 'Nog even', 1790000000000),
	('agt_01m80gc5twfdwv3gwrsbrpmh1t', 'cnv_01m80gc5zdebjb6v3mv379ywrn', 'message', 'Nog even', 1790000000000);
INSERT INTO public.fact VALUES
	(1, 'org_01m80gc54sfxc8t0hxrx2rxyye', NULL, 'org_01m80gc54sfxc8t0hxrx2rxyye', 1, 1790000000000, 'agent_changed', 'system', 'org_01m80gc54sfxc8t0hxrx2rxyye', 'system', '{"agent":{"id":"agt_01m80gc5twfdwv3gwrsbrpmh1t","name":"Sanne","kind":"person","role":"admin","active":true,"status":"online","teams":["tea_01m80gc54se2csncqcxngb616a"]}}', '\x5bd3f0aaffb99545e9d4bf5be4834128', '\x2275c32f7c385fd1b09330f5a853fb142277f1c92d3527036b436bb6416dcd64', '\x94d252bff113156e0c01e4e817ebf61382e3d43165b0d356398a93c33f909174'),
	(2, 'org_01m80gc54sfxc8t0hxrx2rxyye', NULL, 'org_01m80gc54sfxc8t0hxrx2rxyye', 2, 1790000000000, 'agent_changed', 'system', 'org_01m80gc54sfxc8t0hxrx2rxyye', 'system', '{"agent":{"id":"agt_01m80gc5txf2y853dzjz9vzced","name":"Daan","kind":"person","role":"supervisor","active":true,"status":"online","teams":["tea_01m80gc54se2csncqcxngb616a"]}}', '\x9ae8080f2af42afcde660195a5a4c402', '\x4f9611fb41ce88154beb73a2b95e9bc1ea5d0b4a6ab3e127f7ee51ae4570e4da', '\x89c0560630236cc75cbf452e590a1ad2f555647b1f3a626d99906b917a57ad3f'),
	(3, 'org_01m80gc54sfxc8t0hxrx2rxyye', NULL, 'org_01m80gc54sfxc8t0hxrx2rxyye', 3, 1790000000000, 'agent_changed', 'system', 'org_01m80gc54sfxc8t0hxrx2rxyye', 'system', '{"agent":{"id":"agt_01m80gc5txet6vfjdbhcwhgpdj","name":"Fatima","kind":"person","role":"agent","active":true,"status":"online","teams":["tea_01m80gc54se2csncqcxngb616a"]}}', '\x8f5cc13b8cac4cff2691b31eab9a53bf', '\x17f8efaad3d42ab0fca0febeae57172e4923ab522f3aeb38b27ba7cce428dc43', '\x816b54f5297ddf215983def31fc5353ec812e3a27fcf000ef12678778700868b'),
	(4, 'org_01m80gc54sfxc8t0hxrx2rxyye', NULL, 'org_01m80gc54sfxc8t0hxrx2rxyye', 4, 1790000000000, 'agent_changed', 'system', 'org_01m80gc54sfxc8t0hxrx2rxyye', 'system', '{"agent":{"id":"agt_01m80gc5txe4jvma6d14wkktcw","name":"Tom","kind":"person","role":"agent","active":true,"status":"online","teams":["tea_01m80gc54tf02t6r73we330hhy"]}}', '\xbd773fd3efc1cec67dafe9ca6a76be87', '\xe0ef4d5a1bbe61983a2b90b405071369f5cf2be31f7aa4c60fef9f391e32e284', '\x15eb2ee9c474e06215e394090ad1c8b4cabcc3d1bb377169f3aa8105ffff4d86'),
	(5, 'org_01m80gc5v2fm18bgb0g8vw67hd', NULL, 'org_01m80gc5v2fm18bgb0g8vw67hd', 1, 1790000000000, 'agent_changed', 'system', 'org_01m80gc5v2fm18bgb0g8vw67hd', 'system', '{"agent":{"id":"agt_01m80gc5v3ebnrd27zx7r8r26k","name":"Eva","kind":"person","role":"admin","active":true,"status":"online","teams":["tea_01m80gc5v3ebavbx5gbqajtwg1"]}}', '\x9f7d8690c5f246bcf5ec07c7c4540f3c', '\x5330ced3cbffeda6d9fe60acbd93f4a92cfaf4a1f62788e0cee28151fa3b5474', '\xd4333efb0039dbcb46197d0d25375d52581eb68d15535c56f7feb3bcbb12a417'),
	(6, 'org_01m80gc5v2fm18bgb0g8vw67hd', NULL, 'org_01m80gc5v2fm18bgb0g8vw67hd', 2, 1790000000000, 'agent_changed', 'system', 'org_01m80gc5v2fm18bgb0g8vw67hd', 'system', '{"agent":{"id":"agt_01m80gc5v3efnvvppesajy8qax","name":"Joris","kind":"person","role":"agent","active":true,"status":"online","teams":["tea_01m80gc5v3ercr1e4p5jkbj6hz"]}}', '\xeed84068c7a5daa97e1d627c3b8b9598', '\x958a7bc94017b22ec92c52c743863845352e49a5354c367e2b02ea845788cdc6', '\xefe83cc862bc6492f7e5bb1b583017144aa9ecc2f56ffe5714c0aa85be9bebae'),
	(7, 'org_01m80gc54sfxc8t0hxrx2rxyye', 'inb_01m80gc54teg0t980htwt7z7ff', 'cnv_01m80gc5w0eema4xth3jm85qjm', 1, 1790000000000, 'conversation_opened', 'contact', 'con_01m80gc5w0fpja475ah7qqgbv1', 'Marieke Visser', '{"number":1,"inbox":"inb_01m80gc54teg0t980htwt7z7ff","contact":{"id":"con_01m80gc5w0fpja475ah7qqgbv1","name":"Marieke Visser","email":"marieke@example.nl","phone":"","language":"nl"},"language":"nl","page":null}', '\xdc7ad189c89b12a831318d506a2ffe16', '\xcb7417e8087bd42731afba0413d2d0fce631b2eaf653f4091554661d1d56f6d4', '\x9da46ab4ab649d38faaa820052511924993d3507be8aac6dc607bc7501441b51'),
	(8, 'org_01m80gc54sfxc8t0hxrx2rxyye', 'inb_01m80gc54teg0t980htwt7z7ff', 'cnv_01m80gc5w0eema4xth3jm85qjm', 2, 1790000000000, 'message_added', 'contact', 'con_01m80gc5w0fpja475ah7qqgbv1', 'Marieke Visser', '{"cid":"01a20106-177e-7ace-8777-b2feb2e0ec91","text":"Mijn meterstand klopt niet hallo","sentAt":null}', '\xb70fea30a96a05cd448cb83a8c732ba6', '\x933e9b7ceba73c75e9b4f77cf14919c533b5a59c5e61f7ea2a6522431386a3d7', '\x0857146248879d2e0e126d8999e72726094e6680c71e959010f3a3c067a3e151'),
	(9, 'org_01m80gc54sfxc8t0hxrx2rxyye', 'inb_01m80gc54teg0t980htwt7z7ff', 'cnv_01m80gc5w0eema4xth3jm85qjm', 3, 1790000000000, 'conversation_assigned', 'agent', 'agt_01m80gc5twfdwv3gwrsbrpmh1t', 'Sanne', '{"agent":{"kind":"agent","id":"agt_01m80gc5twfdwv3gwrsbrpmh1t","name":"Sanne"}}', '\x59cd6ab1262b270955e68a02f4d64bee', '\x434caf9c9d2329682bccc10ef6431b8324396071462883e93e773e7c96a619cf', '\xd00f4d59c00bc2305f3598197363818be0333398c4bfdd77ff04f70012eb75fb'),
	(10, 'org_01m80gc54sfxc8t0hxrx2rxyye', 'inb_01m80gc54teg0t980htwt7z7ff', 'cnv_01m80gc5w0eema4xth3jm85qjm', 4, 1790000000000, 'message_added', 'agent', 'agt_01m80gc5twfdwv3gwrsbrpmh1t', 'Sanne', '{"cid":"01a20106-179c-7d84-9897-c25d936f246b","text":"Ik kijk even mee","sentAt":null}', '\x8853cbe6f857036e3a0e9bd956c3e863', '\x5c9ffa7c77b5004c267e8eb7decff6821b4d0217c33021a659f414c64113371c', '\x00a4ce57ba3bbbaa0bd623f0ed04324a2fbdc63381884195ff2e397a4b497347'),
	(11, 'org_01m80gc54sfxc8t0hxrx2rxyye', 'inb_01m80gc54teg0t980htwt7z7ff', 'cnv_01m80gc5w0eema4xth3jm85qjm', 5, 1790000000000, 'note_added', 'agent', 'agt_01m80gc5twfdwv3gwrsbrpmh1t', 'Sanne', '{"cid":"01a20106-17a2-7315-b6fa-bbd7b7a80453","text":"Belt vaak"}', '\x5ecb65c3f52808d9f50db46cb426a979', '\xe376faeb00d822fffaa7c29ff259664d7d64339a3aa4c32a8bcc48ff9b792ca1', '\xe50446893159c06b34940467fb3ddb78363a2ef99dfb9c3fea23fc86bc6f089c'),
	(12, 'org_01m80gc54sfxc8t0hxrx2rxyye', 'inb_01m80gc54teg0t980htwt7z7ff', 'cnv_01m80gc5w0eema4xth3jm85qjm', 6, 1790000000000, 'message_added', 'contact', 'con_01m80gc5w0fpja475ah7qqgbv1', 'Marieke Visser', '{"cid":"01a20106-17ae-72c4-89e5-3ea096c7219c","text":"Dank u wel","sentAt":null}', '\x4538768d474376f1f257084b86b24749', '\x45ba5031ee97705cb6da7c92101a3421dcef85e8ee0c33efb2dccff1f9e5cd38', '\x3ce4adf898b08dc6e8810473073f87a2c579129fab97bf91375d07ec96e37a98'),
	(13, 'org_01m80gc54sfxc8t0hxrx2rxyye', 'inb_01m80gc54teg0t980htwt7z7ff', 'org_01m80gc54sfxc8t0hxrx2rxyye', 5, 1790000000000, 'contact_changed', 'agent', 'agt_01m80gc5twfdwv3gwrsbrpmh1t', 'Sanne', '{"contact":{"id":"con_01m80gc5w0fpja475ah7qqgbv1","name":"Marieke hallo","email":"marieke@example.nl","phone":"","language":"nl"}}', '\x99da579b9e665a6ab101907709b14906', '\xe5f688cb1f5a48cf2ca9601c7c53fbaf9d51976abc974ecde7097d9beafd67b7', '\x0f1e60ad83ac8d90b84f6752ee0a46eebaa567a503b92a16f6885c6c02bc93b5'),
	(14, 'org_01m80gc54sfxc8t0hxrx2rxyye', 'inb_01m80gc54teg0t980htwt7z7ff', 'cnv_01m80gc5w0eema4xth3jm85qjm', 7, 1790000000000, 'conversation_closed', 'agent', 'agt_01m80gc5twfdwv3gwrsbrpmh1t', 'Sanne', '{}', '\x0b8fff988e1bbc7b032c45496e99e20f', '\x6acd822643255eecfb989201e74410f5a3c0ec5714d3e85f58a60564c84be3c3', '\x00e4be58eb22eb0e73516b1481cbf523212343d8a64bc1148ca4e8b4b83b6ba2'),
	(15, 'org_01m80gc54sfxc8t0hxrx2rxyye', 'inb_01m80gc54teg0t980htwt7z7ff', 'cnv_01m80gc5w0eema4xth3jm85qjm', 8, 1790000000000, 'conversation_reopened', 'contact', 'con_01m80gc5w0fpja475ah7qqgbv1', 'Marieke Visser', '{}', '\x1d82f44293fb31bab9851fa15e38af12', '\x469ac3aeb4eddef4e66795a8d27cbaa994da84585f7df01844b6e1360aee38f5', '\xc08ba278a16c7cf0fd0dd61a61cbcaac540863332e9840d519ca4b87e3698429'),
	(16, 'org_01m80gc54sfxc8t0hxrx2rxyye', 'inb_01m80gc54teg0t980htwt7z7ff', 'cnv_01m80gc5w0eema4xth3jm85qjm', 9, 1790000000000, 'message_added', 'contact', 'con_01m80gc5w0fpja475ah7qqgbv1', 'Marieke Visser', '{"cid":"01a20106-17c3-7a9d-b493-d4d4e8edc807","text":"Toch nog iets","sentAt":null}', '\x869690341f0c3ec7da3ce869073395d8', '\x85d0c834650e7d76be007e2df8263095004d9d978ee7ca5a3ca1d101f2cb3189', '\xc55f7335bbee99f10442f74ac5cc48652160fca69e621c6a8fc1f0bd9f2200f7'),
	(17, 'org_01m80gc54sfxc8t0hxrx2rxyye', NULL, 'org_01m80gc54sfxc8t0hxrx2rxyye', 6, 1790000000000, 'reply_saved', 'agent', 'agt_01m80gc5twfdwv3gwrsbrpmh1t', 'Sanne', '{"reply":{"id":"rpl_01m80gc5y8fh7rfckbd93ha4kw","shortcut":"hallo","title":"Groet","text":"Goedemiddag","language":"nl"}}', '\x6ab3c037b6c01ade16cafa0bb29476e9', '\xf3104b0883bae20291de4ea77f8ca705d1eac20b821fca2b71fc71b89d33fb2e', '\x555c67ddf38a5c97e1edeedd29856c8ad9e725fd9f3b5133f3fd5b59cd37fb37'),
	(18, 'org_01m80gc54sfxc8t0hxrx2rxyye', 'inb_01m80gc54teg0t980htwt7z7ff', 'cnv_01m80gc5zdebjb6v3mv379ywrn', 1, 1790000000000, 'conversation_opened', 'contact', 'con_01m80gc5zdf27tt1qnekqb5fw6', 'Marieke Visser', '{"number":2,"inbox":"inb_01m80gc54teg0t980htwt7z7ff","contact":{"id":"con_01m80gc5zdf27tt1qnekqb5fw6","name":"Marieke Visser","email":"marieke@example.nl","phone":"","language":"nl"},"language":"nl","page":null}', '\x29572e32738352cd6e4ec1582a64243f', '\x11f884bda68e8d253388274c9ba55e7af64f03051527665f2af2f140b1d6bcdf', '\x41d5cae3f9d479681f5c6865ce03728ad83b24313be7c3c9db74204663aa3a22'),
	(19, 'org_01m80gc54sfxc8t0hxrx2rxyye', 'inb_01m80gc54teg0t980htwt7z7ff', 'cnv_01m80gc5zdebjb6v3mv379ywrn', 2, 1790000000000, 'message_added', 'contact', 'con_01m80gc5zdf27tt1qnekqb5fw6', 'Marieke Visser', '{"cid":"01a20106-17ea-739c-8a80-49732ad31ffb","text":"Mijn meterstand klopt niet bedankt","sentAt":null}', '\x256aa44c6865ab3016bb19d8452d2de2', '\x03e25aa4b41f6d6e13571408505660c0762b6b7e1a943bd7c30379761d551961', '\x1ad9f0334f21385c42df98cd13d2b0069dbdf74680d5704d310acf9ef143399a'),
	(20, 'org_01m80gc54sfxc8t0hxrx2rxyye', 'inb_01m80gc54teg0t980htwt7z7ff', 'cnv_01m80gc5zdebjb6v3mv379ywrn', 3, 1790000000000, 'conversation_assigned', 'agent', 'agt_01m80gc5twfdwv3gwrsbrpmh1t', 'Sanne', '{"agent":{"kind":"agent","id":"agt_01m80gc5twfdwv3gwrsbrpmh1t","name":"Sanne"}}', '\x6891d099f8682f6f0970dbeef04d80db', '\x470d2a35fa4d37036df264d1c4659fc99d30ea41df8aede7a4e02128dd2d3279', '\xa05f4ad1bf7b8fdbdc4517e7061ef81f1feeaed8c6b99efd2557841e719745ed'),
	(21, 'org_01m80gc54sfxc8t0hxrx2rxyye', 'inb_01m80gc54teg0t980htwt7z7ff', 'cnv_01m80gc5zdebjb6v3mv379ywrn', 4, 1790000000000, 'message_added', 'agent', 'agt_01m80gc5twfdwv3gwrsbrpmh1t', 'Sanne', '{"cid":"01a20106-1806-79cf-be70-569eab11051e","text":"Ik kijk even mee","sentAt":null}', '\x4b99d34a418468bf5fd43ffd965aeb96', '\x18fe72af96c65c7fa3ae7e5066dafd77ecab82cf4591510baf7e456ce986c843', '\x564458847d45e1d26fd9d875bc493325474727b6e228903d65d14c6208cadea6'),
	(22, 'org_01m80gc54sfxc8t0hxrx2rxyye', 'inb_01m80gc54teg0t980htwt7z7ff', 'cnv_01m80gc5zdebjb6v3mv379ywrn', 5, 1790000000000, 'note_added', 'agent', 'agt_01m80gc5twfdwv3gwrsbrpmh1t', 'Sanne', '{"cid":"01a20106-180d-7bc6-b529-21e53978e5d2","text":"Belt vaak"}', '\xb7c245ea8919064af1ba6a1d76721261', '\x1de79497e9b766f5125fa85f7e9baf738cc6f613936ad7aae0515d9e782817a4', '\xa687c5b9fac558885657fccf159b3e57a3bf2aaf9c80bcfb516215994881828f'),
	(23, 'org_01m80gc54sfxc8t0hxrx2rxyye', 'inb_01m80gc54teg0t980htwt7z7ff', 'cnv_01m80gc5zdebjb6v3mv379ywrn', 6, 1790000000000, 'message_added', 'contact', 'con_01m80gc5zdf27tt1qnekqb5fw6', 'Marieke Visser', '{"cid":"01a20106-1819-7bdb-a351-fcc99b198a98","text":"Dank u wel","sentAt":null}', '\x5842bc2a6456fb3e66c1a61f2511a4d6', '\x0813a92aa18543e9af8b761b335f5b1cf0b1ab4d75cd400fe5db6ce46639b9fa', '\xb92cb80def83c5958b7350884496653dd574501aaf18f33e3ea2778c4a1450a9'),
	(24, 'org_01m80gc54sfxc8t0hxrx2rxyye', 'inb_01m80gc54teg0t980htwt7z7ff', 'org_01m80gc54sfxc8t0hxrx2rxyye', 7, 1790000000000, 'contact_changed', 'agent', 'agt_01m80gc5twfdwv3gwrsbrpmh1t', 'Sanne', '{"contact":{"id":"con_01m80gc5zdf27tt1qnekqb5fw6","name":"Marieke bedankt","email":"marieke@example.nl","phone":"","language":"nl"}}', '\x71a5d2a0209fa0e7ba2f4337f0c63a88', '\x2125a1f81cf62d73d057cbec33bed63a537b723f02bde6a43769a0de47cc8bee', '\x1585a72fc066497e9bba1e79572ad5eb448fe4f6a9054aff25813422963c7dcd'),
	(25, 'org_01m80gc54sfxc8t0hxrx2rxyye', 'inb_01m80gc54teg0t980htwt7z7ff', 'cnv_01m80gc5zdebjb6v3mv379ywrn', 7, 1790000000000, 'conversation_closed', 'agent', 'agt_01m80gc5twfdwv3gwrsbrpmh1t', 'Sanne', '{}', '\x8247f789a15f1cda8e19afb2b756124f', '\xc2b4a946510501f4346e072dc6346d41f79312be6756cb4f01436146f8ad6691', '\x5d6a4fe6dd2fe04d527d89ab7b026366c6417ce4033dffb8ae7103b1db63c231'),
	(26, 'org_01m80gc54sfxc8t0hxrx2rxyye', 'inb_01m80gc54teg0t980htwt7z7ff', 'cnv_01m80gc5zdebjb6v3mv379ywrn', 8, 1790000000000, 'conversation_reopened', 'contact', 'con_01m80gc5zdf27tt1qnekqb5fw6', 'Marieke Visser', '{}', '\x0ab382620bc54884f64ee09383ebf071', '\x6a2792527dc79fa75d306e3d7ca63046ea06b148a4523a8e1d1c680b7bdac720', '\xeca8ceb73afd5a739df799d7147e241cb26f81e5ce0cb6993051e6af2d9088f5'),
	(27, 'org_01m80gc54sfxc8t0hxrx2rxyye', 'inb_01m80gc54teg0t980htwt7z7ff', 'cnv_01m80gc5zdebjb6v3mv379ywrn', 9, 1790000000000, 'message_added', 'contact', 'con_01m80gc5zdf27tt1qnekqb5fw6', 'Marieke Visser', '{"cid":"01a20106-182e-7c48-be77-90046452ada8","text":"Toch nog iets","sentAt":null}', '\xadb2b9cb7fe60e0bcee15e570aaf0953', '\x468cd37430b3c751f9fc7c466ffa15ce629d6bd2664cb177c4e1ae9d98684c71', '\x2eb274922369564d99d7983e4ae83bb8b0414e5e3a9a90c209eb91da39e06f79'),
	(28, 'org_01m80gc54sfxc8t0hxrx2rxyye', NULL, 'org_01m80gc54sfxc8t0hxrx2rxyye', 8, 1790000000000, 'reply_saved', 'agent', 'agt_01m80gc5twfdwv3gwrsbrpmh1t', 'Sanne', '{"reply":{"id":"rpl_01m80gc61pfva97v7en1sw3ms2","shortcut":"bedankt","title":"Groet","text":"Goedemiddag","language":"nl"}}', '\x54566c6e4c28376db8a98226f8c60aec', '\xac23fcbee22dd3992eb23e75381c1f16437e22a41fbc89f98fec60a17c31dd70', '\x245ff8249674206a5bc0ee686257c86333b91c996637635b11c5d1d662d908ce');
INSERT INTO public.history VALUES
	('c2f80ce7-e77f-44c0-aaaf-b8ecbe427a4d');
INSERT INTO public.inbox VALUES
	('inb_01m80gc54teg0t980htwt7z7ff', 'org_01m80gc54sfxc8t0hxrx2rxyye', NULL, 'web', 'Website', 'goA-aWYnMAOjmcto', 'nl', '["https://www.groenestroom.example"]', 86400, 1790000000000),
	('inb_01m80gc54tep6rb95bzj6r70wy', 'org_01m80gc54sfxc8t0hxrx2rxyye', 'tea_01m80gc54tf02t6r73we330hhy', 'web', 'Engineers', 'rAYJFPDgOLC1FMan', 'nl', '["https://www.groenestroom.example"]', 86400, 1790000000000),
	('inb_01m80gc5v3f439ps5jca634h4q', 'org_01m80gc5v2fm18bgb0g8vw67hd', NULL, 'web', 'Website', '7idC-taCjEB5fA4c', 'nl', '["https://www.blauwegracht.example"]', 86400, 1790000000000),
	('inb_01m80gc5v3e6yv43yvjhtrg0rt', 'org_01m80gc5v2fm18bgb0g8vw67hd', 'tea_01m80gc5v3ercr1e4p5jkbj6hz', 'web', 'Engineers', 'D1m5Ajjte8V1DZ78', 'nl', '["https://www.blauwegracht.example"]', 86400, 1790000000000);
INSERT INTO public.message VALUES
	('01a20106-177e-7ace-8777-b2feb2e0ec91', 'vis_01m80gc5vpenhbw69agftsf8jc', 'inb_01m80gc54teg0t980htwt7z7ff', 'org_01m80gc54sfxc8t0hxrx2rxyye', 'cnv_01m80gc5w0eema4xth3jm85qjm', 2, 1790000000000),
	('01a20106-179c-7d84-9897-c25d936f246b', 'agt_01m80gc5twfdwv3gwrsbrpmh1t', 'inb_01m80gc54teg0t980htwt7z7ff', 'org_01m80gc54sfxc8t0hxrx2rxyye', 'cnv_01m80gc5w0eema4xth3jm85qjm', 4, 1790000000000),
	('01a20106-17a2-7315-b6fa-bbd7b7a80453', 'agt_01m80gc5twfdwv3gwrsbrpmh1t', 'inb_01m80gc54teg0t980htwt7z7ff', 'org_01m80gc54sfxc8t0hxrx2rxyye', 'cnv_01m80gc5w0eema4xth3jm85qjm', 5, 1790000000000),
	('01a20106-17ae-72c4-89e5-3ea096c7219c', 'vis_01m80gc5vpenhbw69agftsf8jc', 'inb_01m80gc54teg0t980htwt7z7ff', 'org_01m80gc54sfxc8t0hxrx2rxyye', 'cnv_01m80gc5w0eema4xth3jm85qjm', 6, 1790000000000),
	('01a20106-17c3-7a9d-b493-d4d4e8edc807', 'vis_01m80gc5vpenhbw69agftsf8jc', 'inb_01m80gc54teg0t980htwt7z7ff', 'org_01m80gc54sfxc8t0hxrx2rxyye', 'cnv_01m80gc5w0eema4xth3jm85qjm', 9, 1790000000000),
	('01a20106-17ea-739c-8a80-49732ad31ffb', 'vis_01m80gc5z0eaat8whz2gwn8wq1', 'inb_01m80gc54teg0t980htwt7z7ff', 'org_01m80gc54sfxc8t0hxrx2rxyye', 'cnv_01m80gc5zdebjb6v3mv379ywrn', 2, 1790000000000),
	('01a20106-1806-79cf-be70-569eab11051e', 'agt_01m80gc5twfdwv3gwrsbrpmh1t', 'inb_01m80gc54teg0t980htwt7z7ff', 'org_01m80gc54sfxc8t0hxrx2rxyye', 'cnv_01m80gc5zdebjb6v3mv379ywrn', 4, 1790000000000),
	('01a20106-180d-7bc6-b529-21e53978e5d2', 'agt_01m80gc5twfdwv3gwrsbrpmh1t', 'inb_01m80gc54teg0t980htwt7z7ff', 'org_01m80gc54sfxc8t0hxrx2rxyye', 'cnv_01m80gc5zdebjb6v3mv379ywrn', 5, 1790000000000),
	('01a20106-1819-7bdb-a351-fcc99b198a98', 'vis_01m80gc5z0eaat8whz2gwn8wq1', 'inb_01m80gc54teg0t980htwt7z7ff', 'org_01m80gc54sfxc8t0hxrx2rxyye', 'cnv_01m80gc5zdebjb6v3mv379ywrn', 6, 1790000000000),
	('01a20106-182e-7c48-be77-90046452ada8', 'vis_01m80gc5z0eaat8whz2gwn8wq1', 'inb_01m80gc54teg0t980htwt7z7ff', 'org_01m80gc54sfxc8t0hxrx2rxyye', 'cnv_01m80gc5zdebjb6v3mv379ywrn', 9, 1790000000000);
INSERT INTO public.organisation VALUES
	('org_01m80gc54sfxc8t0hxrx2rxyye', 'Groene Stroom', 2, 1790000000000),
	('org_01m80gc5v2fm18bgb0g8vw67hd', 'Blauwe Gracht', 0, 1790000000000);
INSERT INTO public.page_view VALUES
	(1, 'org_01m80gc54sfxc8t0hxrx2rxyye', 'vis_01m80gc5vpenhbw69agftsf8jc', 'visit-1', 'https://www.groenestroom.example/hallo', 'Meterstanden', '', 1790000000000),
	(2, 'org_01m80gc54sfxc8t0hxrx2rxyye', 'vis_01m80gc5z0eaat8whz2gwn8wq1', 'visit-1', 'https://www.groenestroom.example/bedankt', 'Meterstanden', '', 1790000000000);
INSERT INTO public.reply VALUES
	('rpl_01m80gc5y8fh7rfckbd93ha4kw', 'org_01m80gc54sfxc8t0hxrx2rxyye', 'hallo', 'Groet', 'Goedemiddag', 'nl', 1790000000000),
	('rpl_01m80gc61pfva97v7en1sw3ms2', 'org_01m80gc54sfxc8t0hxrx2rxyye', 'bedankt', 'Groet', 'Goedemiddag', 'nl', 1790000000000);
INSERT INTO public.stream VALUES
	('org_01m80gc54sfxc8t0hxrx2rxyye', 'org_01m80gc54sfxc8t0hxrx2rxyye', 8, '\x245ff8249674206a5bc0ee686257c86333b91c996637635b11c5d1d662d908ce'),
	('org_01m80gc5v2fm18bgb0g8vw67hd', 'org_01m80gc5v2fm18bgb0g8vw67hd', 2, '\xefe83cc862bc6492f7e5bb1b583017144aa9ecc2f56ffe5714c0aa85be9bebae');
INSERT INTO public.team VALUES
	('tea_01m80gc54se2csncqcxngb616a', 'org_01m80gc54sfxc8t0hxrx2rxyye', 'service'),
	('tea_01m80gc54tf02t6r73we330hhy', 'org_01m80gc54sfxc8t0hxrx2rxyye', 'engineers'),
	('tea_01m80gc5v3ebavbx5gbqajtwg1', 'org_01m80gc5v2fm18bgb0g8vw67hd', 'service'),
	('tea_01m80gc5v3ercr1e4p5jkbj6hz', 'org_01m80gc5v2fm18bgb0g8vw67hd', 'engineers');
INSERT INTO public.team_member VALUES
	('tea_01m80gc54se2csncqcxngb616a', 'agt_01m80gc5twfdwv3gwrsbrpmh1t'),
	('tea_01m80gc54se2csncqcxngb616a', 'agt_01m80gc5txf2y853dzjz9vzced'),
	('tea_01m80gc54se2csncqcxngb616a', 'agt_01m80gc5txet6vfjdbhcwhgpdj'),
	('tea_01m80gc54tf02t6r73we330hhy', 'agt_01m80gc5txe4jvma6d14wkktcw'),
	('tea_01m80gc5v3ebavbx5gbqajtwg1', 'agt_01m80gc5v3ebnrd27zx7r8r26k'),
	('tea_01m80gc5v3ercr1e4p5jkbj6hz', 'agt_01m80gc5v3efnvvppesajy8qax');
INSERT INTO public.visitor VALUES
	('vis_01m80gc5vpenhbw69agftsf8jc', 'org_01m80gc54sfxc8t0hxrx2rxyye', 'inb_01m80gc54teg0t980htwt7z7ff', 'con_01m80gc5w0fpja475ah7qqgbv1', '\xe630bf462a8bbbe6e461ef975b9f91af56c6406c91fe480d6361fb7584859809', NULL, NULL, 'https://www.groenestroom.example', 'Marieke Visser', 'marieke@example.nl', '', 'nl', 1790000000000, 1790000000000, 1805552000000),
	('vis_01m80gc5z0eaat8whz2gwn8wq1', 'org_01m80gc54sfxc8t0hxrx2rxyye', 'inb_01m80gc54teg0t980htwt7z7ff', 'con_01m80gc5zdf27tt1qnekqb5fw6', '\x6ec6665796068595590c2c2ab2bf9e0d103809c7a935b06b02f0e93ff49fedd9', NULL, NULL, 'https://www.groenestroom.example', 'Marieke Visser', 'marieke@example.nl', '', 'nl', 1790000000000, 1790000000000, 1805552000000);
SELECT pg_catalog.setval('public.page_view_id_seq', 3, false);
ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.agent
    ADD CONSTRAINT pk_agent PRIMARY KEY (id);
ALTER TABLE ONLY public.agent_session
    ADD CONSTRAINT pk_agent_session PRIMARY KEY (digest);
ALTER TABLE ONLY public.contact
    ADD CONSTRAINT pk_contact PRIMARY KEY (id);
ALTER TABLE ONLY public.conversation
    ADD CONSTRAINT pk_conversation PRIMARY KEY (id);
ALTER TABLE ONLY public.draft
    ADD CONSTRAINT pk_draft PRIMARY KEY (agent, conversation, kind);
ALTER TABLE ONLY public.fact
    ADD CONSTRAINT pk_fact PRIMARY KEY ("position");
ALTER TABLE ONLY public.history
    ADD CONSTRAINT pk_history PRIMARY KEY (epoch);
ALTER TABLE ONLY public.idempotency_key
    ADD CONSTRAINT pk_idempotency_key PRIMARY KEY (organisation, agent, route, key);
ALTER TABLE ONLY public.inbox
    ADD CONSTRAINT pk_inbox PRIMARY KEY (id);
ALTER TABLE ONLY public.message
    ADD CONSTRAINT pk_message PRIMARY KEY (external_id, sender, inbox, organisation);
ALTER TABLE ONLY public.organisation
    ADD CONSTRAINT pk_organisation PRIMARY KEY (id);
ALTER TABLE ONLY public.page_view
    ADD CONSTRAINT pk_page_view PRIMARY KEY (id);
ALTER TABLE ONLY public.reply
    ADD CONSTRAINT pk_reply PRIMARY KEY (id);
ALTER TABLE ONLY public.stream
    ADD CONSTRAINT pk_stream PRIMARY KEY (id);
ALTER TABLE ONLY public.team
    ADD CONSTRAINT pk_team PRIMARY KEY (id);
ALTER TABLE ONLY public.team_member
    ADD CONSTRAINT pk_team_member PRIMARY KEY (team, agent);
ALTER TABLE ONLY public.visitor
    ADD CONSTRAINT pk_visitor PRIMARY KEY (id);
ALTER TABLE ONLY public.agent
    ADD CONSTRAINT uq_agent_email UNIQUE (email);
ALTER TABLE ONLY public.conversation
    ADD CONSTRAINT uq_conversation_organisation_number UNIQUE (organisation, number);
ALTER TABLE ONLY public.fact
    ADD CONSTRAINT uq_fact_stream_seq UNIQUE (stream, seq);
ALTER TABLE ONLY public.inbox
    ADD CONSTRAINT uq_inbox_key UNIQUE (key);
ALTER TABLE ONLY public.reply
    ADD CONSTRAINT uq_reply_organisation_shortcut_language UNIQUE (organisation, shortcut, language);
ALTER TABLE ONLY public.team
    ADD CONSTRAINT uq_team_organisation_name UNIQUE (organisation, name);
ALTER TABLE ONLY public.visitor
    ADD CONSTRAINT uq_visitor_token_hash UNIQUE (token_hash);
CREATE INDEX ix_agent_organisation ON public.agent USING btree (organisation);
CREATE INDEX ix_agent_session_agent ON public.agent_session USING btree (agent);
CREATE INDEX ix_agent_session_expires_at ON public.agent_session USING btree (expires_at);
CREATE INDEX ix_contact_organisation_email ON public.contact USING btree (organisation, email);
CREATE INDEX ix_conversation_contact ON public.conversation USING btree (contact);
CREATE INDEX ix_conversation_organisation_status_closed_at ON public.conversation USING btree (organisation, status, closed_at);
CREATE INDEX ix_idempotency_key_created_at ON public.idempotency_key USING btree (created_at);
CREATE INDEX ix_inbox_organisation ON public.inbox USING btree (organisation);
CREATE INDEX ix_page_view_visitor_at ON public.page_view USING btree (visitor, at);
CREATE INDEX ix_visitor_contact ON public.visitor USING btree (contact);
CREATE INDEX ix_visitor_previous_hash ON public.visitor USING btree (previous_hash);
ALTER TABLE ONLY public.agent
    ADD CONSTRAINT fk_agent_organisation FOREIGN KEY (organisation) REFERENCES public.organisation(id);
ALTER TABLE ONLY public.agent_session
    ADD CONSTRAINT fk_agent_session_agent FOREIGN KEY (agent) REFERENCES public.agent(id);
ALTER TABLE ONLY public.agent_session
    ADD CONSTRAINT fk_agent_session_organisation FOREIGN KEY (organisation) REFERENCES public.organisation(id);
ALTER TABLE ONLY public.contact
    ADD CONSTRAINT fk_contact_organisation FOREIGN KEY (organisation) REFERENCES public.organisation(id);
ALTER TABLE ONLY public.conversation
    ADD CONSTRAINT fk_conversation_assignee FOREIGN KEY (assignee) REFERENCES public.agent(id);
ALTER TABLE ONLY public.conversation
    ADD CONSTRAINT fk_conversation_contact FOREIGN KEY (contact) REFERENCES public.contact(id);
ALTER TABLE ONLY public.conversation
    ADD CONSTRAINT fk_conversation_inbox FOREIGN KEY (inbox) REFERENCES public.inbox(id);
ALTER TABLE ONLY public.conversation
    ADD CONSTRAINT fk_conversation_organisation FOREIGN KEY (organisation) REFERENCES public.organisation(id);
ALTER TABLE ONLY public.draft
    ADD CONSTRAINT fk_draft_agent FOREIGN KEY (agent) REFERENCES public.agent(id);
ALTER TABLE ONLY public.draft
    ADD CONSTRAINT fk_draft_conversation FOREIGN KEY (conversation) REFERENCES public.conversation(id);
ALTER TABLE ONLY public.idempotency_key
    ADD CONSTRAINT fk_idempotency_key_agent FOREIGN KEY (agent) REFERENCES public.agent(id);
ALTER TABLE ONLY public.idempotency_key
    ADD CONSTRAINT fk_idempotency_key_organisation FOREIGN KEY (organisation) REFERENCES public.organisation(id);
ALTER TABLE ONLY public.inbox
    ADD CONSTRAINT fk_inbox_organisation FOREIGN KEY (organisation) REFERENCES public.organisation(id);
ALTER TABLE ONLY public.inbox
    ADD CONSTRAINT fk_inbox_team FOREIGN KEY (team) REFERENCES public.team(id);
ALTER TABLE ONLY public.page_view
    ADD CONSTRAINT fk_page_view_organisation FOREIGN KEY (organisation) REFERENCES public.organisation(id);
ALTER TABLE ONLY public.page_view
    ADD CONSTRAINT fk_page_view_visitor FOREIGN KEY (visitor) REFERENCES public.visitor(id);
ALTER TABLE ONLY public.reply
    ADD CONSTRAINT fk_reply_organisation FOREIGN KEY (organisation) REFERENCES public.organisation(id);
ALTER TABLE ONLY public.stream
    ADD CONSTRAINT fk_stream_organisation FOREIGN KEY (organisation) REFERENCES public.organisation(id);
ALTER TABLE ONLY public.team_member
    ADD CONSTRAINT fk_team_member_agent FOREIGN KEY (agent) REFERENCES public.agent(id);
ALTER TABLE ONLY public.team_member
    ADD CONSTRAINT fk_team_member_team FOREIGN KEY (team) REFERENCES public.team(id);
ALTER TABLE ONLY public.team
    ADD CONSTRAINT fk_team_organisation FOREIGN KEY (organisation) REFERENCES public.organisation(id);
ALTER TABLE ONLY public.visitor
    ADD CONSTRAINT fk_visitor_contact FOREIGN KEY (contact) REFERENCES public.contact(id);
ALTER TABLE ONLY public.visitor
    ADD CONSTRAINT fk_visitor_inbox FOREIGN KEY (inbox) REFERENCES public.inbox(id);
ALTER TABLE ONLY public.visitor
    ADD CONSTRAINT fk_visitor_organisation FOREIGN KEY (organisation) REFERENCES public.organisation(id);
