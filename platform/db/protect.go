package db

import "context"

// AppendOnly makes the engine itself refuse to change or delete rows of tables,
// whoever asks; rows can still be added. Triggers are the one thing that the two
// engines do not read in one text, hence this place. Calling it again is harmless.
func (d *DB) AppendOnly(ctx context.Context, tables ...string) error {
	return d.Tx(ctx, func(ctx context.Context) error {
		if d.postgres {
			if _, err := d.Exec(ctx, `create or replace function append_only() returns trigger language plpgsql as
				$body$ begin raise exception 'rows of % are only ever added', tg_table_name; end $body$`); err != nil {
				return err
			}
		}
		for _, t := range tables {
			for _, q := range d.guards(t) {
				if _, err := d.Exec(ctx, q); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func (d *DB) guards(table string) []string {
	if d.postgres {
		return []string{
			`create or replace trigger ` + table + `_keep before update or delete on ` + table + `
				for each row execute function append_only()`,
			`create or replace trigger ` + table + `_whole before truncate on ` + table + `
				for each statement execute function append_only()`,
		}
	}
	return []string{
		`create trigger if not exists ` + table + `_keep_u before update on ` + table + `
			begin select raise(abort, 'rows are only ever added'); end`,
		`create trigger if not exists ` + table + `_keep_d before delete on ` + table + `
			begin select raise(abort, 'rows are only ever added'); end`,
	}
}
