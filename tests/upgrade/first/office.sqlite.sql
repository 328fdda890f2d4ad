BEGIN TRANSACTION;
CREATE TABLE agent (
	id VARCHAR(30) NOT NULL, 
	organisation VARCHAR(30) NOT NULL, 
	email VARCHAR(254) NOT NULL, 
	name VARCHAR(200) DEFAULT '' NOT NULL, 
	kind VARCHAR(10) DEFAULT 'person' NOT NULL, 
	role VARCHAR(12) NOT NULL, 
	active BOOLEAN DEFAULT '1' NOT NULL, 
	status VARCHAR(10) DEFAULT 'online' NOT NULL, 
	language VARCHAR(2) DEFAULT 'nl' NOT NULL, 
	password_hash VARCHAR(200) DEFAULT '' NOT NULL, 
	created_at BIGINT NOT NULL, 
	CONSTRAINT pk_agent PRIMARY KEY (id), 
	CONSTRAINT ck_agent_kind CHECK (kind in ('person', 'bot')), 
	CONSTRAINT ck_agent_role CHECK (role in ('admin', 'supervisor', 'agent')), 
	CONSTRAINT ck_agent_status CHECK (status in ('online', 'away')), 
	CONSTRAINT fk_agent_organisation FOREIGN KEY(organisation) REFERENCES organisation (id), 
	CONSTRAINT uq_agent_email UNIQUE (email)
);
INSERT INTO "agent" VALUES('agt_01m80gc5twfdwv3gwrsbrpmh1t','org_01m80gc54sfxc8t0hxrx2rxyye','sanne@groenestroom.example','Sanne','person','admin',1,'online','nl','$argon2id$v=19$m=65536,t=3,p=4$GfdCtASTHMPi0m8dR4r3gw$pkVG2ee/21X7JJ4bwYX6swFMm5bOuf/lL3VnAnOOC1U',1790000000000);
INSERT INTO "agent" VALUES('agt_01m80gc5txf2y853dzjz9vzced','org_01m80gc54sfxc8t0hxrx2rxyye','daan@groenestroom.example','Daan','person','supervisor',1,'online','nl','$argon2id$v=19$m=65536,t=3,p=4$GfdCtASTHMPi0m8dR4r3gw$pkVG2ee/21X7JJ4bwYX6swFMm5bOuf/lL3VnAnOOC1U',1790000000000);
INSERT INTO "agent" VALUES('agt_01m80gc5txet6vfjdbhcwhgpdj','org_01m80gc54sfxc8t0hxrx2rxyye','fatima@groenestroom.example','Fatima','person','agent',1,'online','nl','$argon2id$v=19$m=65536,t=3,p=4$GfdCtASTHMPi0m8dR4r3gw$pkVG2ee/21X7JJ4bwYX6swFMm5bOuf/lL3VnAnOOC1U',1790000000000);
INSERT INTO "agent" VALUES('agt_01m80gc5txe4jvma6d14wkktcw','org_01m80gc54sfxc8t0hxrx2rxyye','tom@groenestroom.example','Tom','person','agent',1,'online','nl','$argon2id$v=19$m=65536,t=3,p=4$GfdCtASTHMPi0m8dR4r3gw$pkVG2ee/21X7JJ4bwYX6swFMm5bOuf/lL3VnAnOOC1U',1790000000000);
INSERT INTO "agent" VALUES('agt_01m80gc5v3ebnrd27zx7r8r26k','org_01m80gc5v2fm18bgb0g8vw67hd','eva@blauwegracht.example','Eva','person','admin',1,'online','nl','$argon2id$v=19$m=65536,t=3,p=4$GfdCtASTHMPi0m8dR4r3gw$pkVG2ee/21X7JJ4bwYX6swFMm5bOuf/lL3VnAnOOC1U',1790000000000);
INSERT INTO "agent" VALUES('agt_01m80gc5v3efnvvppesajy8qax','org_01m80gc5v2fm18bgb0g8vw67hd','joris@blauwegracht.example','Joris','person','agent',1,'online','nl','$argon2id$v=19$m=65536,t=3,p=4$GfdCtASTHMPi0m8dR4r3gw$pkVG2ee/21X7JJ4bwYX6swFMm5bOuf/lL3VnAnOOC1U',1790000000000);
CREATE TABLE agent_session (
	digest BLOB NOT NULL, 
	organisation VARCHAR(30) NOT NULL, 
	agent VARCHAR(30) NOT NULL, 
	created_at BIGINT NOT NULL, 
	seen_at BIGINT NOT NULL, 
	expires_at BIGINT NOT NULL, 
	CONSTRAINT pk_agent_session PRIMARY KEY (digest), 
	CONSTRAINT fk_agent_session_organisation FOREIGN KEY(organisation) REFERENCES organisation (id), 
	CONSTRAINT fk_agent_session_agent FOREIGN KEY(agent) REFERENCES agent (id)
);
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('edge_0001');
INSERT INTO "alembic_version" VALUES('replies_0001');
CREATE TABLE contact (
	id VARCHAR(30) NOT NULL, 
	organisation VARCHAR(30) NOT NULL, 
	name VARCHAR(200) DEFAULT '' NOT NULL, 
	email VARCHAR(254) DEFAULT '' NOT NULL, 
	phone VARCHAR(40) DEFAULT '' NOT NULL, 
	language VARCHAR(2) DEFAULT 'nl' NOT NULL, 
	created_at BIGINT NOT NULL, 
	CONSTRAINT pk_contact PRIMARY KEY (id), 
	CONSTRAINT fk_contact_organisation FOREIGN KEY(organisation) REFERENCES organisation (id)
);
INSERT INTO "contact" VALUES('con_01m80gc5w0fpja475ah7qqgbv1','org_01m80gc54sfxc8t0hxrx2rxyye','Marieke hallo','marieke@example.nl','','nl',1790000000000);
INSERT INTO "contact" VALUES('con_01m80gc5zdf27tt1qnekqb5fw6','org_01m80gc54sfxc8t0hxrx2rxyye','Marieke bedankt','marieke@example.nl','','nl',1790000000000);
CREATE TABLE conversation (
	id VARCHAR(30) NOT NULL, 
	organisation VARCHAR(30) NOT NULL, 
	inbox VARCHAR(30) NOT NULL, 
	contact VARCHAR(30) NOT NULL, 
	number INTEGER NOT NULL, 
	status VARCHAR(8) NOT NULL, 
	assignee VARCHAR(30), 
	assignee_actor TEXT, 
	language VARCHAR(2) NOT NULL, 
	seq INTEGER NOT NULL, 
	chain BLOB NOT NULL, 
	opened_at BIGINT NOT NULL, 
	closed_at BIGINT, 
	last_at BIGINT NOT NULL, 
	last TEXT, 
	waiting_since BIGINT, 
	visitor_delivered INTEGER DEFAULT '0' NOT NULL, 
	visitor_read INTEGER DEFAULT '0' NOT NULL, 
	desk_delivered INTEGER DEFAULT '0' NOT NULL, 
	desk_read INTEGER DEFAULT '0' NOT NULL, 
	visitor_unread INTEGER DEFAULT '0' NOT NULL, 
	desk_unread INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_conversation PRIMARY KEY (id), 
	CONSTRAINT ck_conversation_status CHECK (status in ('open', 'closed')), 
	CONSTRAINT fk_conversation_assignee FOREIGN KEY(assignee) REFERENCES agent (id), 
	CONSTRAINT fk_conversation_contact FOREIGN KEY(contact) REFERENCES contact (id), 
	CONSTRAINT fk_conversation_inbox FOREIGN KEY(inbox) REFERENCES inbox (id), 
	CONSTRAINT fk_conversation_organisation FOREIGN KEY(organisation) REFERENCES organisation (id), 
	CONSTRAINT uq_conversation_organisation_number UNIQUE (organisation, number)
);
INSERT INTO "conversation" VALUES('cnv_01m80gc5w0eema4xth3jm85qjm','org_01m80gc54sfxc8t0hxrx2rxyye','inb_01m80gc54teg0t980htwt7z7ff','con_01m80gc5w0fpja475ah7qqgbv1',1,'open','agt_01m80gc5twfdwv3gwrsbrpmh1t','{"kind":"agent","id":"agt_01m80gc5twfdwv3gwrsbrpmh1t","name":"Sanne"}','nl',9,X'C55F7335BBEE99F10442F74AC5CC48652160FCA69E621C6A8FC1F0BD9F2200F7',1790000000000,NULL,1790000000000,'{"kind":"message","actor":{"kind":"contact","id":"con_01m80gc5w0fpja475ah7qqgbv1","name":"Marieke Visser"},"text":"Toch nog iets"}',1790000000000,9,9,7,7,0,1);
INSERT INTO "conversation" VALUES('cnv_01m80gc5zdebjb6v3mv379ywrn','org_01m80gc54sfxc8t0hxrx2rxyye','inb_01m80gc54teg0t980htwt7z7ff','con_01m80gc5zdf27tt1qnekqb5fw6',2,'open','agt_01m80gc5twfdwv3gwrsbrpmh1t','{"kind":"agent","id":"agt_01m80gc5twfdwv3gwrsbrpmh1t","name":"Sanne"}','nl',9,X'2EB274922369564D99D7983E4AE83BB8B0414E5E3A9A90C209EB91DA39E06F79',1790000000000,NULL,1790000000000,'{"kind":"message","actor":{"kind":"contact","id":"con_01m80gc5zdf27tt1qnekqb5fw6","name":"Marieke Visser"},"text":"Toch nog iets"}',1790000000000,9,9,7,7,0,1);
CREATE TABLE draft (
	agent VARCHAR(30) NOT NULL, 
	conversation VARCHAR(30) NOT NULL, 
	kind VARCHAR(8) NOT NULL, 
	text TEXT NOT NULL, 
	at BIGINT NOT NULL, 
	CONSTRAINT pk_draft PRIMARY KEY (agent, conversation, kind), 
	CONSTRAINT fk_draft_agent FOREIGN KEY(agent) REFERENCES agent (id), 
	CONSTRAINT fk_draft_conversation FOREIGN KEY(conversation) REFERENCES conversation (id)
);
INSERT INTO "draft" VALUES('agt_01m80gc5twfdwv3gwrsbrpmh1t','cnv_01m80gc5w0eema4xth3jm85qjm','message','Nog even',1790000000000);
INSERT INTO "draft" VALUES('agt_01m80gc5twfdwv3gwrsbrpmh1t','cnv_01m80gc5zdebjb6v3mv379ywrn','message','Nog even',1790000000000);
CREATE TABLE fact (
	position INTEGER NOT NULL, 
	organisation VARCHAR(30) NOT NULL, 
	inbox VARCHAR(30), 
	stream VARCHAR(30) NOT NULL, 
	seq INTEGER NOT NULL, 
	at BIGINT NOT NULL, 
	kind VARCHAR(40) NOT NULL, 
	actor_kind VARCHAR(8) NOT NULL, 
	actor VARCHAR(30) NOT NULL, 
	actor_name VARCHAR(200) NOT NULL, 
	body TEXT, 
	salt BLOB, 
	digest BLOB NOT NULL, 
	chain BLOB NOT NULL, 
	CONSTRAINT pk_fact PRIMARY KEY (position), 
	CONSTRAINT uq_fact_stream_seq UNIQUE (stream, seq)
);
INSERT INTO "fact" VALUES(1,'org_01m80gc54sfxc8t0hxrx2rxyye',NULL,'org_01m80gc54sfxc8t0hxrx2rxyye',1,1790000000000,'agent_changed','system','org_01m80gc54sfxc8t0hxrx2rxyye','system','{"agent":{"id":"agt_01m80gc5twfdwv3gwrsbrpmh1t","name":"Sanne","kind":"person","role":"admin","active":true,"status":"online","teams":["tea_01m80gc54se2csncqcxngb616a"]}}',X'5BD3F0AAFFB99545E9D4BF5BE4834128',X'2275C32F7C385FD1B09330F5A853FB142277F1C92D3527036B436BB6416DCD64',X'94D252BFF113156E0C01E4E817EBF61382E3D43165B0D356398A93C33F909174');
INSERT INTO "fact" VALUES(2,'org_01m80gc54sfxc8t0hxrx2rxyye',NULL,'org_01m80gc54sfxc8t0hxrx2rxyye',2,1790000000000,'agent_changed','system','org_01m80gc54sfxc8t0hxrx2rxyye','system','{"agent":{"id":"agt_01m80gc5txf2y853dzjz9vzced","name":"Daan","kind":"person","role":"supervisor","active":true,"status":"online","teams":["tea_01m80gc54se2csncqcxngb616a"]}}',X'9AE8080F2AF42AFCDE660195A5A4C402',X'4F9611FB41CE88154BEB73A2B95E9BC1EA5D0B4A6AB3E127F7EE51AE4570E4DA',X'89C0560630236CC75CBF452E590A1AD2F555647B1F3A626D99906B917A57AD3F');
INSERT INTO "fact" VALUES(3,'org_01m80gc54sfxc8t0hxrx2rxyye',NULL,'org_01m80gc54sfxc8t0hxrx2rxyye',3,1790000000000,'agent_changed','system','org_01m80gc54sfxc8t0hxrx2rxyye','system','{"agent":{"id":"agt_01m80gc5txet6vfjdbhcwhgpdj","name":"Fatima","kind":"person","role":"agent","active":true,"status":"online","teams":["tea_01m80gc54se2csncqcxngb616a"]}}',X'8F5CC13B8CAC4CFF2691B31EAB9A53BF',X'17F8EFAAD3D42AB0FCA0FEBEAE57172E4923AB522F3AEB38B27BA7CCE428DC43',X'816B54F5297DDF215983DEF31FC5353EC812E3A27FCF000EF12678778700868B');
INSERT INTO "fact" VALUES(4,'org_01m80gc54sfxc8t0hxrx2rxyye',NULL,'org_01m80gc54sfxc8t0hxrx2rxyye',4,1790000000000,'agent_changed','system','org_01m80gc54sfxc8t0hxrx2rxyye','system','{"agent":{"id":"agt_01m80gc5txe4jvma6d14wkktcw","name":"Tom","kind":"person","role":"agent","active":true,"status":"online","teams":["tea_01m80gc54tf02t6r73we330hhy"]}}',X'BD773FD3EFC1CEC67DAFE9CA6A76BE87',X'E0EF4D5A1BBE61983A2B90B405071369F5CF2BE31F7AA4C60FEF9F391E32E284',X'15EB2EE9C474E06215E394090AD1C8B4CABCC3D1BB377169F3AA8105FFFF4D86');
INSERT INTO "fact" VALUES(5,'org_01m80gc5v2fm18bgb0g8vw67hd',NULL,'org_01m80gc5v2fm18bgb0g8vw67hd',1,1790000000000,'agent_changed','system','org_01m80gc5v2fm18bgb0g8vw67hd','system','{"agent":{"id":"agt_01m80gc5v3ebnrd27zx7r8r26k","name":"Eva","kind":"person","role":"admin","active":true,"status":"online","teams":["tea_01m80gc5v3ebavbx5gbqajtwg1"]}}',X'9F7D8690C5F246BCF5EC07C7C4540F3C',X'5330CED3CBFFEDA6D9FE60ACBD93F4A92CFAF4A1F62788E0CEE28151FA3B5474',X'D4333EFB0039DBCB46197D0D25375D52581EB68D15535C56F7FEB3BCBB12A417');
INSERT INTO "fact" VALUES(6,'org_01m80gc5v2fm18bgb0g8vw67hd',NULL,'org_01m80gc5v2fm18bgb0g8vw67hd',2,1790000000000,'agent_changed','system','org_01m80gc5v2fm18bgb0g8vw67hd','system','{"agent":{"id":"agt_01m80gc5v3efnvvppesajy8qax","name":"Joris","kind":"person","role":"agent","active":true,"status":"online","teams":["tea_01m80gc5v3ercr1e4p5jkbj6hz"]}}',X'EED84068C7A5DAA97E1D627C3B8B9598',X'958A7BC94017B22EC92C52C743863845352E49A5354C367E2B02EA845788CDC6',X'EFE83CC862BC6492F7E5BB1B583017144AA9ECC2F56FFE5714C0AA85BE9BEBAE');
INSERT INTO "fact" VALUES(7,'org_01m80gc54sfxc8t0hxrx2rxyye','inb_01m80gc54teg0t980htwt7z7ff','cnv_01m80gc5w0eema4xth3jm85qjm',1,1790000000000,'conversation_opened','contact','con_01m80gc5w0fpja475ah7qqgbv1','Marieke Visser','{"number":1,"inbox":"inb_01m80gc54teg0t980htwt7z7ff","contact":{"id":"con_01m80gc5w0fpja475ah7qqgbv1","name":"Marieke Visser","email":"marieke@example.nl","phone":"","language":"nl"},"language":"nl","page":null}',X'DC7AD189C89B12A831318D506A2FFE16',X'CB7417E8087BD42731AFBA0413D2D0FCE631B2EAF653F4091554661D1D56F6D4',X'9DA46AB4AB649D38FAAA820052511924993D3507BE8AAC6DC607BC7501441B51');
INSERT INTO "fact" VALUES(8,'org_01m80gc54sfxc8t0hxrx2rxyye','inb_01m80gc54teg0t980htwt7z7ff','cnv_01m80gc5w0eema4xth3jm85qjm',2,1790000000000,'message_added','contact','con_01m80gc5w0fpja475ah7qqgbv1','Marieke Visser','{"cid":"01a20106-177e-7ace-8777-b2feb2e0ec91","text":"Mijn meterstand klopt niet hallo","sentAt":null}',X'B70FEA30A96A05CD448CB83A8C732BA6',X'933E9B7CEBA73C75E9B4F77CF14919C533B5A59C5E61F7EA2A6522431386A3D7',X'0857146248879D2E0E126D8999E72726094E6680C71E959010F3A3C067A3E151');
INSERT INTO "fact" VALUES(9,'org_01m80gc54sfxc8t0hxrx2rxyye','inb_01m80gc54teg0t980htwt7z7ff','cnv_01m80gc5w0eema4xth3jm85qjm',3,1790000000000,'conversation_assigned','agent','agt_01m80gc5twfdwv3gwrsbrpmh1t','Sanne','{"agent":{"kind":"agent","id":"agt_01m80gc5twfdwv3gwrsbrpmh1t","name":"Sanne"}}',X'59CD6AB1262B270955E68A02F4D64BEE',X'434CAF9C9D2329682BCCC10EF6431B8324396071462883E93E773E7C96A619CF',X'D00F4D59C00BC2305F3598197363818BE0333398C4BFDD77FF04F70012EB75FB');
INSERT INTO "fact" VALUES(10,'org_01m80gc54sfxc8t0hxrx2rxyye','inb_01m80gc54teg0t980htwt7z7ff','cnv_01m80gc5w0eema4xth3jm85qjm',4,1790000000000,'message_added','agent','agt_01m80gc5twfdwv3gwrsbrpmh1t','Sanne','{"cid":"01a20106-179c-7d84-9897-c25d936f246b","text":"Ik kijk even mee","sentAt":null}',X'8853CBE6F857036E3A0E9BD956C3E863',X'5C9FFA7C77B5004C267E8EB7DECFF6821B4D0217C33021A659F414C64113371C',X'00A4CE57BA3BBBAA0BD623F0ED04324A2FBDC63381884195FF2E397A4B497347');
INSERT INTO "fact" VALUES(11,'org_01m80gc54sfxc8t0hxrx2rxyye','inb_01m80gc54teg0t980htwt7z7ff','cnv_01m80gc5w0eema4xth3jm85qjm',5,1790000000000,'note_added','agent','agt_01m80gc5twfdwv3gwrsbrpmh1t','Sanne','{"cid":"01a20106-17a2-7315-b6fa-bbd7b7a80453","text":"Belt vaak"}',X'5ECB65C3F52808D9F50DB46CB426A979',X'E376FAEB00D822FFFAA7C29FF259664D7D64339A3AA4C32A8BCC48FF9B792CA1',X'E50446893159C06B34940467FB3DDB78363A2EF99DFB9C3FEA23FC86BC6F089C');
INSERT INTO "fact" VALUES(12,'org_01m80gc54sfxc8t0hxrx2rxyye','inb_01m80gc54teg0t980htwt7z7ff','cnv_01m80gc5w0eema4xth3jm85qjm',6,1790000000000,'message_added','contact','con_01m80gc5w0fpja475ah7qqgbv1','Marieke Visser','{"cid":"01a20106-17ae-72c4-89e5-3ea096c7219c","text":"Dank u wel","sentAt":null}',X'4538768D474376F1F257084B86B24749',X'45BA5031EE97705CB6DA7C92101A3421DCEF85E8EE0C33EFB2DCCFF1F9E5CD38',X'3CE4ADF898B08DC6E8810473073F87A2C579129FAB97BF91375D07EC96E37A98');
INSERT INTO "fact" VALUES(13,'org_01m80gc54sfxc8t0hxrx2rxyye','inb_01m80gc54teg0t980htwt7z7ff','org_01m80gc54sfxc8t0hxrx2rxyye',5,1790000000000,'contact_changed','agent','agt_01m80gc5twfdwv3gwrsbrpmh1t','Sanne','{"contact":{"id":"con_01m80gc5w0fpja475ah7qqgbv1","name":"Marieke hallo","email":"marieke@example.nl","phone":"","language":"nl"}}',X'99DA579B9E665A6AB101907709B14906',X'E5F688CB1F5A48CF2CA9601C7C53FBAF9D51976ABC974ECDE7097D9BEAFD67B7',X'0F1E60AD83AC8D90B84F6752EE0A46EEBAA567A503B92A16F6885C6C02BC93B5');
INSERT INTO "fact" VALUES(14,'org_01m80gc54sfxc8t0hxrx2rxyye','inb_01m80gc54teg0t980htwt7z7ff','cnv_01m80gc5w0eema4xth3jm85qjm',7,1790000000000,'conversation_closed','agent','agt_01m80gc5twfdwv3gwrsbrpmh1t','Sanne','{}',X'0B8FFF988E1BBC7B032C45496E99E20F',X'6ACD822643255EECFB989201E74410F5A3C0EC5714D3E85F58A60564C84BE3C3',X'00E4BE58EB22EB0E73516B1481CBF523212343D8A64BC1148CA4E8B4B83B6BA2');
INSERT INTO "fact" VALUES(15,'org_01m80gc54sfxc8t0hxrx2rxyye','inb_01m80gc54teg0t980htwt7z7ff','cnv_01m80gc5w0eema4xth3jm85qjm',8,1790000000000,'conversation_reopened','contact','con_01m80gc5w0fpja475ah7qqgbv1','Marieke Visser','{}',X'1D82F44293FB31BAB9851FA15E38AF12',X'469AC3AEB4EDDEF4E66795A8D27CBAA994DA84585F7DF01844B6E1360AEE38F5',X'C08BA278A16C7CF0FD0DD61A61CBCAAC540863332E9840D519CA4B87E3698429');
INSERT INTO "fact" VALUES(16,'org_01m80gc54sfxc8t0hxrx2rxyye','inb_01m80gc54teg0t980htwt7z7ff','cnv_01m80gc5w0eema4xth3jm85qjm',9,1790000000000,'message_added','contact','con_01m80gc5w0fpja475ah7qqgbv1','Marieke Visser','{"cid":"01a20106-17c3-7a9d-b493-d4d4e8edc807","text":"Toch nog iets","sentAt":null}',X'869690341F0C3EC7DA3CE869073395D8',X'85D0C834650E7D76BE007E2DF8263095004D9D978EE7CA5A3CA1D101F2CB3189',X'C55F7335BBEE99F10442F74AC5CC48652160FCA69E621C6A8FC1F0BD9F2200F7');
INSERT INTO "fact" VALUES(17,'org_01m80gc54sfxc8t0hxrx2rxyye',NULL,'org_01m80gc54sfxc8t0hxrx2rxyye',6,1790000000000,'reply_saved','agent','agt_01m80gc5twfdwv3gwrsbrpmh1t','Sanne','{"reply":{"id":"rpl_01m80gc5y8fh7rfckbd93ha4kw","shortcut":"hallo","title":"Groet","text":"Goedemiddag","language":"nl"}}',X'6AB3C037B6C01ADE16CAFA0BB29476E9',X'F3104B0883BAE20291DE4EA77F8CA705D1EAC20B821FCA2B71FC71B89D33FB2E',X'555C67DDF38A5C97E1EDEEDD29856C8AD9E725FD9F3B5133F3FD5B59CD37FB37');
INSERT INTO "fact" VALUES(18,'org_01m80gc54sfxc8t0hxrx2rxyye','inb_01m80gc54teg0t980htwt7z7ff','cnv_01m80gc5zdebjb6v3mv379ywrn',1,1790000000000,'conversation_opened','contact','con_01m80gc5zdf27tt1qnekqb5fw6','Marieke Visser','{"number":2,"inbox":"inb_01m80gc54teg0t980htwt7z7ff","contact":{"id":"con_01m80gc5zdf27tt1qnekqb5fw6","name":"Marieke Visser","email":"marieke@example.nl","phone":"","language":"nl"},"language":"nl","page":null}',X'29572E32738352CD6E4EC1582A64243F',X'11F884BDA68E8D253388274C9BA55E7AF64F03051527665F2AF2F140B1D6BCDF',X'41D5CAE3F9D479681F5C6865CE03728AD83B24313BE7C3C9DB74204663AA3A22');
INSERT INTO "fact" VALUES(19,'org_01m80gc54sfxc8t0hxrx2rxyye','inb_01m80gc54teg0t980htwt7z7ff','cnv_01m80gc5zdebjb6v3mv379ywrn',2,1790000000000,'message_added','contact','con_01m80gc5zdf27tt1qnekqb5fw6','Marieke Visser','{"cid":"01a20106-17ea-739c-8a80-49732ad31ffb","text":"Mijn meterstand klopt niet bedankt","sentAt":null}',X'256AA44C6865AB3016BB19D8452D2DE2',X'03E25AA4B41F6D6E13571408505660C0762B6B7E1A943BD7C30379761D551961',X'1AD9F0334F21385C42DF98CD13D2B0069DBDF74680D5704D310ACF9EF143399A');
INSERT INTO "fact" VALUES(20,'org_01m80gc54sfxc8t0hxrx2rxyye','inb_01m80gc54teg0t980htwt7z7ff','cnv_01m80gc5zdebjb6v3mv379ywrn',3,1790000000000,'conversation_assigned','agent','agt_01m80gc5twfdwv3gwrsbrpmh1t','Sanne','{"agent":{"kind":"agent","id":"agt_01m80gc5twfdwv3gwrsbrpmh1t","name":"Sanne"}}',X'6891D099F8682F6F0970DBEEF04D80DB',X'470D2A35FA4D37036DF264D1C4659FC99D30EA41DF8AEDE7A4E02128DD2D3279',X'A05F4AD1BF7B8FDBDC4517E7061EF81F1FEEAED8C6B99EFD2557841E719745ED');
INSERT INTO "fact" VALUES(21,'org_01m80gc54sfxc8t0hxrx2rxyye','inb_01m80gc54teg0t980htwt7z7ff','cnv_01m80gc5zdebjb6v3mv379ywrn',4,1790000000000,'message_added','agent','agt_01m80gc5twfdwv3gwrsbrpmh1t','Sanne','{"cid":"01a20106-1806-79cf-be70-569eab11051e","text":"Ik kijk even mee","sentAt":null}',X'4B99D34A418468BF5FD43FFD965AEB96',X'18FE72AF96C65C7FA3AE7E5066DAFD77ECAB82CF4591510BAF7E456CE986C843',X'564458847D45E1D26FD9D875BC493325474727B6E228903D65D14C6208CADEA6');
INSERT INTO "fact" VALUES(22,'org_01m80gc54sfxc8t0hxrx2rxyye','inb_01m80gc54teg0t980htwt7z7ff','cnv_01m80gc5zdebjb6v3mv379ywrn',5,1790000000000,'note_added','agent','agt_01m80gc5twfdwv3gwrsbrpmh1t','Sanne','{"cid":"01a20106-180d-7bc6-b529-21e53978e5d2","text":"Belt vaak"}',X'B7C245EA8919064AF1BA6A1D76721261',X'1DE79497E9B766F5125FA85F7E9BAF738CC6F613936AD7AAE0515D9E782817A4',X'A687C5B9FAC558885657FCCF159B3E57A3BF2AAF9C80BCFB516215994881828F');
INSERT INTO "fact" VALUES(23,'org_01m80gc54sfxc8t0hxrx2rxyye','inb_01m80gc54teg0t980htwt7z7ff','cnv_01m80gc5zdebjb6v3mv379ywrn',6,1790000000000,'message_added','contact','con_01m80gc5zdf27tt1qnekqb5fw6','Marieke Visser','{"cid":"01a20106-1819-7bdb-a351-fcc99b198a98","text":"Dank u wel","sentAt":null}',X'5842BC2A6456FB3E66C1A61F2511A4D6',X'0813A92AA18543E9AF8B761B335F5B1CF0B1AB4D75CD400FE5DB6CE46639B9FA',X'B92CB80DEF83C5958B7350884496653DD574501AAF18F33E3EA2778C4A1450A9');
INSERT INTO "fact" VALUES(24,'org_01m80gc54sfxc8t0hxrx2rxyye','inb_01m80gc54teg0t980htwt7z7ff','org_01m80gc54sfxc8t0hxrx2rxyye',7,1790000000000,'contact_changed','agent','agt_01m80gc5twfdwv3gwrsbrpmh1t','Sanne','{"contact":{"id":"con_01m80gc5zdf27tt1qnekqb5fw6","name":"Marieke bedankt","email":"marieke@example.nl","phone":"","language":"nl"}}',X'71A5D2A0209FA0E7BA2F4337F0C63A88',X'2125A1F81CF62D73D057CBEC33BED63A537B723F02BDE6A43769A0DE47CC8BEE',X'1585A72FC066497E9BBA1E79572AD5EB448FE4F6A9054AFF25813422963C7DCD');
INSERT INTO "fact" VALUES(25,'org_01m80gc54sfxc8t0hxrx2rxyye','inb_01m80gc54teg0t980htwt7z7ff','cnv_01m80gc5zdebjb6v3mv379ywrn',7,1790000000000,'conversation_closed','agent','agt_01m80gc5twfdwv3gwrsbrpmh1t','Sanne','{}',X'8247F789A15F1CDA8E19AFB2B756124F',X'C2B4A946510501F4346E072DC6346D41F79312BE6756CB4F01436146F8AD6691',X'5D6A4FE6DD2FE04D527D89AB7B026366C6417CE4033DFFB8AE7103B1DB63C231');
INSERT INTO "fact" VALUES(26,'org_01m80gc54sfxc8t0hxrx2rxyye','inb_01m80gc54teg0t980htwt7z7ff','cnv_01m80gc5zdebjb6v3mv379ywrn',8,1790000000000,'conversation_reopened','contact','con_01m80gc5zdf27tt1qnekqb5fw6','Marieke Visser','{}',X'0AB382620BC54884F64EE09383EBF071',X'6A2792527DC79FA75D306E3D7CA63046EA06B148A4523A8E1D1C680B7BDAC720',X'ECA8CEB73AFD5A739DF799D7147E241CB26F81E5CE0CB6993051E6AF2D9088F5');
INSERT INTO "fact" VALUES(27,'org_01m80gc54sfxc8t0hxrx2rxyye','inb_01m80gc54teg0t980htwt7z7ff','cnv_01m80gc5zdebjb6v3mv379ywrn',9,1790000000000,'message_added','contact','con_01m80gc5zdf27tt1qnekqb5fw6','Marieke Visser','{"cid":"01a20106-182e-7c48-be77-90046452ada8","text":"Toch nog iets","sentAt":null}',X'ADB2B9CB7FE60E0BCEE15E570AAF0953',X'468CD37430B3C751F9FC7C466FFA15CE629D6BD2664CB177C4E1AE9D98684C71',X'2EB274922369564D99D7983E4AE83BB8B0414E5E3A9A90C209EB91DA39E06F79');
INSERT INTO "fact" VALUES(28,'org_01m80gc54sfxc8t0hxrx2rxyye',NULL,'org_01m80gc54sfxc8t0hxrx2rxyye',8,1790000000000,'reply_saved','agent','agt_01m80gc5twfdwv3gwrsbrpmh1t','Sanne','{"reply":{"id":"rpl_01m80gc61pfva97v7en1sw3ms2","shortcut":"bedankt","title":"Groet","text":"Goedemiddag","language":"nl"}}',X'54566C6E4C28376DB8A98226F8C60AEC',X'AC23FCBEE22DD3992EB23E75381C1F16437E22A41FBC89F98FEC60A17C31DD70',X'245FF8249674206A5BC0EE686257C86333B91C996637635B11C5D1D662D908CE');
CREATE TABLE history (
	epoch VARCHAR(36) NOT NULL, 
	CONSTRAINT pk_history PRIMARY KEY (epoch)
);
INSERT INTO "history" VALUES('72531d58-85ab-4221-8546-5574441074a2');
CREATE TABLE idempotency_key (
	organisation VARCHAR(30) NOT NULL, 
	agent VARCHAR(30) NOT NULL, 
	route VARCHAR(100) NOT NULL, 
	"key" VARCHAR(200) NOT NULL, 
	body_digest BLOB NOT NULL, 
	answer BLOB NOT NULL, 
	created_at BIGINT NOT NULL, 
	CONSTRAINT pk_idempotency_key PRIMARY KEY (organisation, agent, route, "key"), 
	CONSTRAINT fk_idempotency_key_organisation FOREIGN KEY(organisation) REFERENCES organisation (id), 
	CONSTRAINT fk_idempotency_key_agent FOREIGN KEY(agent) REFERENCES agent (id)
);
CREATE TABLE inbox (
	id VARCHAR(30) NOT NULL, 
	organisation VARCHAR(30) NOT NULL, 
	team VARCHAR(30), 
	kind VARCHAR(12) DEFAULT 'web' NOT NULL, 
	name VARCHAR(200) DEFAULT '' NOT NULL, 
	"key" VARCHAR(40) NOT NULL, 
	language VARCHAR(2) DEFAULT 'nl' NOT NULL, 
	allowed_origins TEXT DEFAULT '[]' NOT NULL, 
	reopen_within_s INTEGER DEFAULT '86400' NOT NULL, 
	created_at BIGINT NOT NULL, 
	CONSTRAINT pk_inbox PRIMARY KEY (id), 
	CONSTRAINT fk_inbox_organisation FOREIGN KEY(organisation) REFERENCES organisation (id), 
	CONSTRAINT fk_inbox_team FOREIGN KEY(team) REFERENCES team (id), 
	CONSTRAINT uq_inbox_key UNIQUE ("key")
);
INSERT INTO "inbox" VALUES('inb_01m80gc54teg0t980htwt7z7ff','org_01m80gc54sfxc8t0hxrx2rxyye',NULL,'web','Website','goA-aWYnMAOjmcto','nl','["https://www.groenestroom.example"]',86400,1790000000000);
INSERT INTO "inbox" VALUES('inb_01m80gc54tep6rb95bzj6r70wy','org_01m80gc54sfxc8t0hxrx2rxyye','tea_01m80gc54tf02t6r73we330hhy','web','Engineers','rAYJFPDgOLC1FMan','nl','["https://www.groenestroom.example"]',86400,1790000000000);
INSERT INTO "inbox" VALUES('inb_01m80gc5v3f439ps5jca634h4q','org_01m80gc5v2fm18bgb0g8vw67hd',NULL,'web','Website','7idC-taCjEB5fA4c','nl','["https://www.blauwegracht.example"]',86400,1790000000000);
INSERT INTO "inbox" VALUES('inb_01m80gc5v3e6yv43yvjhtrg0rt','org_01m80gc5v2fm18bgb0g8vw67hd','tea_01m80gc5v3ercr1e4p5jkbj6hz','web','Engineers','D1m5Ajjte8V1DZ78','nl','["https://www.blauwegracht.example"]',86400,1790000000000);
CREATE TABLE message (
	external_id VARCHAR(200) NOT NULL, 
	sender VARCHAR(30) NOT NULL, 
	inbox VARCHAR(30) NOT NULL, 
	organisation VARCHAR(30) NOT NULL, 
	conversation VARCHAR(30) NOT NULL, 
	seq INTEGER NOT NULL, 
	at BIGINT NOT NULL, 
	CONSTRAINT pk_message PRIMARY KEY (external_id, sender, inbox, organisation)
)
 WITHOUT ROWID

;
INSERT INTO "message" VALUES('01a20106-177e-7ace-8777-b2feb2e0ec91','vis_01m80gc5vpenhbw69agftsf8jc','inb_01m80gc54teg0t980htwt7z7ff','org_01m80gc54sfxc8t0hxrx2rxyye','cnv_01m80gc5w0eema4xth3jm85qjm',2,1790000000000);
INSERT INTO "message" VALUES('01a20106-179c-7d84-9897-c25d936f246b','agt_01m80gc5twfdwv3gwrsbrpmh1t','inb_01m80gc54teg0t980htwt7z7ff','org_01m80gc54sfxc8t0hxrx2rxyye','cnv_01m80gc5w0eema4xth3jm85qjm',4,1790000000000);
INSERT INTO "message" VALUES('01a20106-17a2-7315-b6fa-bbd7b7a80453','agt_01m80gc5twfdwv3gwrsbrpmh1t','inb_01m80gc54teg0t980htwt7z7ff','org_01m80gc54sfxc8t0hxrx2rxyye','cnv_01m80gc5w0eema4xth3jm85qjm',5,1790000000000);
INSERT INTO "message" VALUES('01a20106-17ae-72c4-89e5-3ea096c7219c','vis_01m80gc5vpenhbw69agftsf8jc','inb_01m80gc54teg0t980htwt7z7ff','org_01m80gc54sfxc8t0hxrx2rxyye','cnv_01m80gc5w0eema4xth3jm85qjm',6,1790000000000);
INSERT INTO "message" VALUES('01a20106-17c3-7a9d-b493-d4d4e8edc807','vis_01m80gc5vpenhbw69agftsf8jc','inb_01m80gc54teg0t980htwt7z7ff','org_01m80gc54sfxc8t0hxrx2rxyye','cnv_01m80gc5w0eema4xth3jm85qjm',9,1790000000000);
INSERT INTO "message" VALUES('01a20106-17ea-739c-8a80-49732ad31ffb','vis_01m80gc5z0eaat8whz2gwn8wq1','inb_01m80gc54teg0t980htwt7z7ff','org_01m80gc54sfxc8t0hxrx2rxyye','cnv_01m80gc5zdebjb6v3mv379ywrn',2,1790000000000);
INSERT INTO "message" VALUES('01a20106-1806-79cf-be70-569eab11051e','agt_01m80gc5twfdwv3gwrsbrpmh1t','inb_01m80gc54teg0t980htwt7z7ff','org_01m80gc54sfxc8t0hxrx2rxyye','cnv_01m80gc5zdebjb6v3mv379ywrn',4,1790000000000);
INSERT INTO "message" VALUES('01a20106-180d-7bc6-b529-21e53978e5d2','agt_01m80gc5twfdwv3gwrsbrpmh1t','inb_01m80gc54teg0t980htwt7z7ff','org_01m80gc54sfxc8t0hxrx2rxyye','cnv_01m80gc5zdebjb6v3mv379ywrn',5,1790000000000);
INSERT INTO "message" VALUES('01a20106-1819-7bdb-a351-fcc99b198a98','vis_01m80gc5z0eaat8whz2gwn8wq1','inb_01m80gc54teg0t980htwt7z7ff','org_01m80gc54sfxc8t0hxrx2rxyye','cnv_01m80gc5zdebjb6v3mv379ywrn',6,1790000000000);
INSERT INTO "message" VALUES('01a20106-182e-7c48-be77-90046452ada8','vis_01m80gc5z0eaat8whz2gwn8wq1','inb_01m80gc54teg0t980htwt7z7ff','org_01m80gc54sfxc8t0hxrx2rxyye','cnv_01m80gc5zdebjb6v3mv379ywrn',9,1790000000000);
CREATE TABLE organisation (
	id VARCHAR(30) NOT NULL, 
	name VARCHAR(200) DEFAULT '' NOT NULL, 
	last_number INTEGER DEFAULT '0' NOT NULL, 
	created_at BIGINT NOT NULL, 
	CONSTRAINT pk_organisation PRIMARY KEY (id)
);
INSERT INTO "organisation" VALUES('org_01m80gc54sfxc8t0hxrx2rxyye','Groene Stroom',2,1790000000000);
INSERT INTO "organisation" VALUES('org_01m80gc5v2fm18bgb0g8vw67hd','Blauwe Gracht',0,1790000000000);
CREATE TABLE page_view (
	id INTEGER NOT NULL, 
	organisation VARCHAR(30) NOT NULL, 
	visitor VARCHAR(30) NOT NULL, 
	visit VARCHAR(36) NOT NULL, 
	url VARCHAR(2000) DEFAULT '' NOT NULL, 
	title VARCHAR(300) DEFAULT '' NOT NULL, 
	tab VARCHAR(40) DEFAULT '' NOT NULL, 
	at BIGINT NOT NULL, 
	CONSTRAINT pk_page_view PRIMARY KEY (id), 
	CONSTRAINT fk_page_view_organisation FOREIGN KEY(organisation) REFERENCES organisation (id), 
	CONSTRAINT fk_page_view_visitor FOREIGN KEY(visitor) REFERENCES visitor (id)
);
INSERT INTO "page_view" VALUES(1,'org_01m80gc54sfxc8t0hxrx2rxyye','vis_01m80gc5vpenhbw69agftsf8jc','visit-1','https://www.groenestroom.example/hallo','Meterstanden','',1790000000000);
INSERT INTO "page_view" VALUES(2,'org_01m80gc54sfxc8t0hxrx2rxyye','vis_01m80gc5z0eaat8whz2gwn8wq1','visit-1','https://www.groenestroom.example/bedankt','Meterstanden','',1790000000000);
CREATE TABLE reply (
	id VARCHAR(30) NOT NULL, 
	organisation VARCHAR(30) NOT NULL, 
	shortcut VARCHAR(40) NOT NULL, 
	title VARCHAR(200) NOT NULL, 
	text TEXT NOT NULL, 
	language VARCHAR(2) DEFAULT '' NOT NULL, 
	changed_at BIGINT NOT NULL, 
	CONSTRAINT pk_reply PRIMARY KEY (id), 
	CONSTRAINT ck_reply_language CHECK (language in ('nl', 'en', '')), 
	CONSTRAINT fk_reply_organisation FOREIGN KEY(organisation) REFERENCES organisation (id), 
	CONSTRAINT uq_reply_organisation_shortcut_language UNIQUE (organisation, shortcut, language)
);
INSERT INTO "reply" VALUES('rpl_01m80gc5y8fh7rfckbd93ha4kw','org_01m80gc54sfxc8t0hxrx2rxyye','hallo','Groet','Goedemiddag','nl',1790000000000);
INSERT INTO "reply" VALUES('rpl_01m80gc61pfva97v7en1sw3ms2','org_01m80gc54sfxc8t0hxrx2rxyye','bedankt','Groet','Goedemiddag','nl',1790000000000);
CREATE TABLE stream (
	id VARCHAR(30) NOT NULL, 
	organisation VARCHAR(30) NOT NULL, 
	seq INTEGER NOT NULL, 
	chain BLOB NOT NULL, 
	CONSTRAINT pk_stream PRIMARY KEY (id), 
	CONSTRAINT fk_stream_organisation FOREIGN KEY(organisation) REFERENCES organisation (id)
);
INSERT INTO "stream" VALUES('org_01m80gc54sfxc8t0hxrx2rxyye','org_01m80gc54sfxc8t0hxrx2rxyye',8,X'245FF8249674206A5BC0EE686257C86333B91C996637635B11C5D1D662D908CE');
INSERT INTO "stream" VALUES('org_01m80gc5v2fm18bgb0g8vw67hd','org_01m80gc5v2fm18bgb0g8vw67hd',2,X'EFE83CC862BC6492F7E5BB1B583017144AA9ECC2F56FFE5714C0AA85BE9BEBAE');
CREATE TABLE team (
	id VARCHAR(30) NOT NULL, 
	organisation VARCHAR(30) NOT NULL, 
	name VARCHAR(200) DEFAULT '' NOT NULL, 
	CONSTRAINT pk_team PRIMARY KEY (id), 
	CONSTRAINT fk_team_organisation FOREIGN KEY(organisation) REFERENCES organisation (id), 
	CONSTRAINT uq_team_organisation_name UNIQUE (organisation, name)
);
INSERT INTO "team" VALUES('tea_01m80gc54se2csncqcxngb616a','org_01m80gc54sfxc8t0hxrx2rxyye','service');
INSERT INTO "team" VALUES('tea_01m80gc54tf02t6r73we330hhy','org_01m80gc54sfxc8t0hxrx2rxyye','engineers');
INSERT INTO "team" VALUES('tea_01m80gc5v3ebavbx5gbqajtwg1','org_01m80gc5v2fm18bgb0g8vw67hd','service');
INSERT INTO "team" VALUES('tea_01m80gc5v3ercr1e4p5jkbj6hz','org_01m80gc5v2fm18bgb0g8vw67hd','engineers');
CREATE TABLE team_member (
	team VARCHAR(30) NOT NULL, 
	agent VARCHAR(30) NOT NULL, 
	CONSTRAINT pk_team_member PRIMARY KEY (team, agent), 
	CONSTRAINT fk_team_member_agent FOREIGN KEY(agent) REFERENCES agent (id), 
	CONSTRAINT fk_team_member_team FOREIGN KEY(team) REFERENCES team (id)
);
INSERT INTO "team_member" VALUES('tea_01m80gc54se2csncqcxngb616a','agt_01m80gc5twfdwv3gwrsbrpmh1t');
INSERT INTO "team_member" VALUES('tea_01m80gc54se2csncqcxngb616a','agt_01m80gc5txf2y853dzjz9vzced');
INSERT INTO "team_member" VALUES('tea_01m80gc54se2csncqcxngb616a','agt_01m80gc5txet6vfjdbhcwhgpdj');
INSERT INTO "team_member" VALUES('tea_01m80gc54tf02t6r73we330hhy','agt_01m80gc5txe4jvma6d14wkktcw');
INSERT INTO "team_member" VALUES('tea_01m80gc5v3ebavbx5gbqajtwg1','agt_01m80gc5v3ebnrd27zx7r8r26k');
INSERT INTO "team_member" VALUES('tea_01m80gc5v3ercr1e4p5jkbj6hz','agt_01m80gc5v3efnvvppesajy8qax');
CREATE TABLE visitor (
	id VARCHAR(30) NOT NULL, 
	organisation VARCHAR(30) NOT NULL, 
	inbox VARCHAR(30) NOT NULL, 
	contact VARCHAR(30), 
	token_hash BLOB NOT NULL, 
	previous_hash BLOB, 
	previous_until BIGINT, 
	origin VARCHAR(300) DEFAULT '' NOT NULL, 
	name VARCHAR(200) DEFAULT '' NOT NULL, 
	email VARCHAR(254) DEFAULT '' NOT NULL, 
	device VARCHAR(200) DEFAULT '' NOT NULL, 
	language VARCHAR(2) DEFAULT 'nl' NOT NULL, 
	created_at BIGINT NOT NULL, 
	rotated_at BIGINT NOT NULL, 
	expires_at BIGINT NOT NULL, 
	CONSTRAINT pk_visitor PRIMARY KEY (id), 
	CONSTRAINT fk_visitor_contact FOREIGN KEY(contact) REFERENCES contact (id), 
	CONSTRAINT fk_visitor_inbox FOREIGN KEY(inbox) REFERENCES inbox (id), 
	CONSTRAINT fk_visitor_organisation FOREIGN KEY(organisation) REFERENCES organisation (id), 
	CONSTRAINT uq_visitor_token_hash UNIQUE (token_hash)
);
INSERT INTO "visitor" VALUES('vis_01m80gc5vpenhbw69agftsf8jc','org_01m80gc54sfxc8t0hxrx2rxyye','inb_01m80gc54teg0t980htwt7z7ff','con_01m80gc5w0fpja475ah7qqgbv1',X'E630BF462A8BBBE6E461EF975B9F91AF56C6406C91FE480D6361FB7584859809',NULL,NULL,'https://www.groenestroom.example','Marieke Visser','marieke@example.nl','','nl',1790000000000,1790000000000,1805552000000);
INSERT INTO "visitor" VALUES('vis_01m80gc5z0eaat8whz2gwn8wq1','org_01m80gc54sfxc8t0hxrx2rxyye','inb_01m80gc54teg0t980htwt7z7ff','con_01m80gc5zdf27tt1qnekqb5fw6',X'6EC6665796068595590C2C2AB2BF9E0D103809C7A935B06B02F0E93FF49FEDD9',NULL,NULL,'https://www.groenestroom.example','Marieke Visser','marieke@example.nl','','nl',1790000000000,1790000000000,1805552000000);
CREATE INDEX ix_agent_organisation ON agent (organisation);
CREATE INDEX ix_contact_organisation_email ON contact (organisation, email);
CREATE INDEX ix_inbox_organisation ON inbox (organisation);
CREATE INDEX ix_conversation_contact ON conversation (contact);
CREATE INDEX ix_conversation_organisation_status_closed_at ON conversation (organisation, status, closed_at);
CREATE INDEX ix_visitor_contact ON visitor (contact);
CREATE INDEX ix_visitor_previous_hash ON visitor (previous_hash);
CREATE INDEX ix_page_view_visitor_at ON page_view (visitor, at);
CREATE INDEX ix_agent_session_agent ON agent_session (agent);
CREATE INDEX ix_agent_session_expires_at ON agent_session (expires_at);
CREATE INDEX ix_idempotency_key_created_at ON idempotency_key (created_at);
COMMIT;
