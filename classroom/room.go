package classroom

import (
	"context"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/id"
	"lotrinh/platform/text"
)

// RoomID names a room; "" is none.
type RoomID string

// Room is a room of a unit in which classes meet.
type Room struct {
	ID       RoomID     `db:"id"`
	Unit     org.UnitID `db:"unit_id"`
	Name     string     `db:"name"`
	Address  string     `db:"address"`
	Capacity int64      `db:"capacity"`
	Edition  int64      `db:"edition"`
}

// SaveRoom enters a room, or changes the one of r.ID as it was seen.
func (c *Classroom) SaveRoom(ctx context.Context, r Room) (RoomID, error) {
	if err := access.Check(ctx, EditClass, r.Unit); err != nil {
		return "", err
	}
	r.Name, r.Address = text.Clean(r.Name), text.Clean(r.Address)
	var f errs.Form
	f.Need(r.Name != "", "name", "classroom.need-name")
	f.Need(r.Unit != "", "unit", "classroom.need-unit")
	f.Need(r.Capacity > 0 && r.Capacity <= 10_000, "capacity", "classroom.class.need-capacity")
	if err := f.Err(); err != nil {
		return "", err
	}
	fresh := r.ID == ""
	if fresh {
		r.ID, r.Edition = RoomID(id.New(ctx)), 1
	}
	return r.ID, c.db.Tx(ctx, func(ctx context.Context) error {
		if err := c.putRoom(ctx, r, fresh); err != nil {
			return err
		}
		return c.audit(ctx, EditClass, r.Unit, "room:"+string(r.ID), r)
	})
}

func (c *Classroom) putRoom(ctx context.Context, r Room, fresh bool) error {
	if fresh {
		return db.Insert(ctx, c.db, "classroom_room", r)
	}
	n, err := c.db.Exec(ctx, `update classroom_room set name = $1, address = $2, capacity = $3, edition = edition + 1
		where id = $4 and unit_id = $5 and edition = $6`, r.Name, r.Address, r.Capacity, r.ID, r.Unit, r.Edition)
	if err == nil && n == 0 {
		err = changed()
	}
	return err
}

// Rooms lists the rooms in which the actor may run classes, by name.
func (c *Classroom) Rooms(ctx context.Context) ([]Room, error) {
	w := db.NewWhere()
	c.narrowNear(ctx, w, RunClass, "unit_id", "1 = 1") // access.In
	return db.All[Room](ctx, c.db, `select `+db.Columns[Room]("")+` from classroom_room where `+w.SQL()+` order by name, id`, w.Args()...)
}

func (c *Classroom) room(ctx context.Context, id RoomID) (Room, error) {
	return db.One[Room](ctx, c.db, `select `+db.Columns[Room]("")+` from classroom_room where id = $1`, id)
}
