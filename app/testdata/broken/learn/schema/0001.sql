create table learn_mark (roster_id text references classroom_roster (id));
