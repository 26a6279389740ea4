package org

import (
	"context"
	"errors"
	"io"
	"slices"

	"lotrinh/org/geo"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
)

// ShapesIn says what an import of outlines did.
type ShapesIn struct {
	Matched int
	Unknown []string // names or codes of outlines that no unit bears
}

const (
	tolerance  = 0.0004 // degrees: 45 m, finer than a screen shows
	unknownMax = 200    // names listed in ShapesIn
)

type shapeRow struct {
	Unit   UnitID     `db:"unit_id"`
	From   clock.Date `db:"from_on"`
	Shape  string     `db:"shape"`
	MadeAt int64      `db:"made_at"`
}

// ImportShapes takes in outlines from GeoJSON or TopoJSON for the units of a date,
// found by code or else by name. A unit without a centroid gets that of its
// outline. All or nothing.
func (o *Org) ImportShapes(ctx context.Context, r io.Reader, on clock.Date) (ShapesIn, error) {
	if err := o.mayAsk(ctx, UnitEdit); err != nil {
		return ShapesIn{}, err
	}
	if on == 0 {
		return ShapesIn{}, errs.New(errs.Invalid, "error.invalid").Field("on", "org.unit.need-date")
	}
	features, err := geo.Parse(r, geo.Limits{})
	if err != nil {
		return ShapesIn{}, geoRefusal(err)
	}
	var in ShapesIn
	err = o.change(ctx, func(ctx context.Context, d *draft) error {
		in = ShapesIn{}
		found, rows := match(indexCodes(d.base.tree(on)), features, &in), []shapeRow(nil)
		for _, id := range sortedKeys(found) {
			if err := access.Check(ctx, UnitEdit, id); err != nil {
				return err
			}
			rings := found[id]
			rows = append(rows, shapeRow{id, on, geo.Encode(rings), d.now})
			if err := d.place(id, on, rings); err != nil {
				return err
			}
		}
		if len(rows) == 0 {
			return errs.New(errs.Invalid, "org.shape.none")
		}
		if err := o.saveShapes(ctx, rows); err != nil {
			return err
		}
		return o.audit(ctx, Entry{Action: UnitEdit, Subject: "shapes", Detail: in})
	})
	return in, err
}

func (o *Org) saveShapes(ctx context.Context, rows []shapeRow) error {
	return db.InsertOr(ctx, o.db, "org_shape",
		"on conflict (unit_id, from_on) do update set shape = excluded.shape, made_at = excluded.made_at", rows...)
}

func geoRefusal(err error) error {
	switch {
	case errors.Is(err, geo.ErrLarge):
		return errs.New(errs.TooLarge, "org.shape.large").Because(err)
	case errors.Is(err, geo.ErrDegrees):
		return errs.New(errs.Invalid, "org.shape.degrees").Because(err)
	case errors.Is(err, geo.ErrForm), errors.Is(err, geo.ErrArcs):
		return errs.New(errs.Invalid, "org.shape.form").Because(err)
	}
	return err
}

// place gives a unit without a centroid that of its outline, for as long as it has
// been what it is.
func (d *draft) place(id UnitID, on clock.Date, rings []geo.Ring) error {
	s, ok := d.at(id, on)
	if !ok || s.Located() {
		return nil
	}
	lon, lat := geo.Centroid(rings)
	return d.alter(id, s.From, "", func(u *Unit) { u.Lat, u.Lon, u.Operates = lat, lon, s.Operates })
}

// The properties by which makers of maps name units.
var (
	codeProps = []string{"code", "gso_code", "ma", "ma_xa", "maxa", "ma_px", "ma_huyen", "ma_qh", "ma_tinh", "ma_tp", "ward_code", "district_code", "province_code"}
	nameProps = []string{"name", "ten", "full_name", "ten_xa", "ten_huyen", "ten_tinh", "name_vi", "NAME_3", "NAME_2", "NAME_1"}
)

// match finds the unit of each outline; outlines of one unit come together.
func match(index *codeIndex, features []geo.Feature, in *ShapesIn) map[UnitID][]geo.Ring {
	found := map[UnitID][]geo.Ring{}
	for _, f := range features {
		id, ok := matchOne(index, f)
		if !ok {
			if len(in.Unknown) < unknownMax {
				in.Unknown = append(in.Unknown, label(f))
			}
			continue
		}
		for _, r := range f.Rings {
			found[id] = append(found[id], geo.Simplify(r, tolerance))
		}
	}
	in.Matched = len(found)
	return found
}

func matchOne(index *codeIndex, f geo.Feature) (UnitID, bool) {
	codes := []string{f.ID}
	for _, p := range codeProps {
		codes = append(codes, f.Props[p])
	}
	for _, c := range codes {
		if ids := index.byCode[clean(c)]; c != "" && len(ids) == 1 {
			return ids[0], true
		}
	}
	for _, p := range nameProps {
		for _, tier := range []Tier{Province, District, Commune} {
			if id, ok := index.find(tier, Ref{Name: f.Props[p]}, ""); ok {
				return id, true
			}
		}
	}
	return "", false
}

func label(f geo.Feature) string {
	for _, p := range append(slices.Clone(nameProps), codeProps...) {
		if s := f.Props[p]; s != "" {
			return clean(s)
		}
	}
	return f.ID
}

// Outlines returns the outlines of units as they were on a date; a unit without one
// is left out, and stands on a map by its centroid. Open to all: outlines are
// public.
func (o *Org) Outlines(ctx context.Context, ids []UnitID, on clock.Date) (map[UnitID][]geo.Ring, error) {
	out := map[UnitID][]geo.Ring{}
	for part := range slices.Chunk(ids, chunk) {
		w := db.In(db.NewWhere(), "unit_id", part)
		rows, err := db.All[shapeRow](ctx, o.db, `select `+db.Columns[shapeRow]("")+` from org_shape
			where `+w.SQL()+` order by unit_id, from_on`, w.Args()...)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			if _, seen := out[r.Unit]; seen && r.From > on {
				continue // a later outline; the first one serves all days before it too
			}
			if out[r.Unit], err = geo.Decode(r.Shape); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}
