package geo

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// topology reads the objects of a TopoJSON file, in the order of their names.
func (in *reader) topology(o object) error {
	if err := in.readArcs(o); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(o.Objects)) {
		if err := in.topoObject(o.Objects[name], 0); err != nil {
			return err
		}
	}
	return nil
}

// readArcs brings the arcs into degrees: with a transform each point is the step
// from the one before, in whole numbers.
func (in *reader) readArcs(o object) error {
	if len(o.Arcs) == 0 {
		return errNoObject
	}
	if err := json.Unmarshal(o.Arcs, &in.arcs); err != nil {
		return fmt.Errorf("%w: %w", ErrForm, err)
	}
	n := 0
	for _, arc := range in.arcs {
		if n += len(arc); n > in.lim.Points {
			return ErrLarge
		}
		if o.Transform == nil {
			continue
		}
		var x, y float64
		for i, p := range arc {
			x, y = x+p[0], y+p[1]
			arc[i] = [2]float64{x*o.Transform.Scale[0] + o.Transform.Translate[0], y*o.Transform.Scale[1] + o.Transform.Translate[1]}
		}
	}
	return nil
}

func (in *reader) topoObject(o object, depth int) error {
	if depth > depthMax {
		return errTooDeep
	}
	var polygons [][][]int
	var err error
	switch o.Type {
	case "GeometryCollection":
		for _, raw := range o.Geometries {
			var g object
			if err := json.Unmarshal(raw, &g); err != nil {
				return fmt.Errorf("%w: %w", ErrForm, err)
			}
			if err := in.topoObject(g, depth+1); err != nil {
				return err
			}
		}
		return nil
	case "Polygon":
		polygons = make([][][]int, 1)
		err = json.Unmarshal(o.Arcs, &polygons[0])
	case "MultiPolygon":
		err = json.Unmarshal(o.Arcs, &polygons)
	default:
		return nil
	}
	if err != nil {
		return fmt.Errorf("%w: %w", ErrForm, err)
	}
	var rings []Ring
	for _, p := range polygons {
		for _, line := range p {
			r, err := in.join(line)
			if err != nil {
				return err
			}
			if rings, err = in.ring(rings, r); err != nil {
				return err
			}
		}
	}
	return in.add(o, rings)
}

// join lays arcs end to end: i is arc i, ^i is it backwards, and each begins where
// the one before ends.
func (in *reader) join(line []int) (Ring, error) {
	var r Ring
	for _, i := range line {
		back := i < 0
		if back {
			i = ^i
		}
		if i < 0 || i >= len(in.arcs) {
			return nil, ErrArcs
		}
		arc := in.arcs[i]
		if len(r)+len(arc) > in.lim.Points {
			return nil, ErrLarge
		}
		if back {
			arc = slices.Clone(arc)
			slices.Reverse(arc)
		}
		if len(r) > 0 && len(arc) > 0 {
			arc = arc[1:]
		}
		r = append(r, arc...)
	}
	return r, nil
}
