// Package geo reads outlines of units from GeoJSON (RFC 7946) and TopoJSON (format
// 1.0), thins them out, and keeps each as a short text.
//
// Coordinates are WGS 84 degrees, longitude first. A file in the metres of VN-2000
// is refused: convert it to WGS 84.
package geo

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
)

// Ring is a closed line of longitude, latitude pairs; the last equals the first.
type Ring [][2]float64

// Feature is something with an outline. Its holes are rings like any other: they
// are drawn by the even-odd rule.
type Feature struct {
	ID    string
	Props map[string]string // text and numbers alone
	Rings []Ring
}

// What Parse refuses.
var (
	ErrLarge    = errors.New("geo: more bytes, features or points than are taken")
	ErrForm     = errors.New("geo: neither GeoJSON nor TopoJSON")
	ErrDegrees  = errors.New("geo: coordinates that are no degrees")
	ErrArcs     = errors.New("geo: an arc that is not there")
	errTooDeep  = fmt.Errorf("%w: collections within collections", ErrForm)
	errNoObject = fmt.Errorf("%w: no features", ErrForm)
)

// Limits bounds what Parse takes in. A zero field is its default.
type Limits struct {
	Bytes    int64 // of the file; 64 MB
	Features int   // 20,000
	Points   int   // of all outlines, once arcs are followed; 4,000,000
}

func (l Limits) orDefault() Limits {
	if l.Bytes == 0 {
		l.Bytes = 64 << 20
	}
	if l.Features == 0 {
		l.Features = 20_000
	}
	if l.Points == 0 {
		l.Points = 4_000_000
	}
	return l
}

// object is any object of the two formats.
type object struct {
	Type        string            `json:"type"`
	ID          any               `json:"id"`
	Properties  map[string]any    `json:"properties"`
	Features    []json.RawMessage `json:"features"`
	Geometry    json.RawMessage   `json:"geometry"`
	Geometries  []json.RawMessage `json:"geometries"`
	Coordinates json.RawMessage   `json:"coordinates"`
	Objects     map[string]object `json:"objects"`
	Arcs        json.RawMessage   `json:"arcs"`
	Transform   *transform        `json:"transform"`
}

type transform struct {
	Scale     [2]float64 `json:"scale"`
	Translate [2]float64 `json:"translate"`
}

// reader gathers features within limits.
type reader struct {
	lim      Limits
	points   int
	features []Feature
	arcs     []Ring // of a topology, in degrees
}

// Parse reads every feature that has an outline.
func Parse(r io.Reader, lim Limits) ([]Feature, error) {
	lim = lim.orDefault()
	body, err := io.ReadAll(io.LimitReader(r, lim.Bytes+1))
	if err != nil {
		return nil, err
	}
	if int64(len(body)) > lim.Bytes {
		return nil, ErrLarge
	}
	body = bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))
	var o object
	if err := json.Unmarshal(body, &o); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrForm, err)
	}
	in := &reader{lim: lim}
	if o.Type == "Topology" {
		err = in.topology(o)
	} else {
		err = in.geoJSON(o, 0)
	}
	if err == nil && len(in.features) == 0 {
		err = errNoObject
	}
	return in.features, err
}

func (in *reader) geoJSON(o object, depth int) error {
	switch o.Type {
	case "FeatureCollection":
		if depth > 0 {
			return errTooDeep
		}
		for _, raw := range o.Features {
			var f object
			if err := json.Unmarshal(raw, &f); err != nil {
				return fmt.Errorf("%w: %w", ErrForm, err)
			}
			if err := in.geoJSON(f, 1); err != nil {
				return err
			}
		}
		return nil
	case "Feature":
		rings, err := in.geometry(o.Geometry, 0)
		if err != nil {
			return err
		}
		return in.add(o, rings)
	}
	return ErrForm
}

func (in *reader) add(o object, rings []Ring) error {
	if len(rings) == 0 {
		return nil // a place without outline, or none at all
	}
	if len(in.features) == in.lim.Features {
		return ErrLarge
	}
	in.features = append(in.features, Feature{plain(o.ID), texts(o.Properties), rings})
	return nil
}

const depthMax = 8 // collections within collections

func (in *reader) geometry(raw json.RawMessage, depth int) ([]Ring, error) {
	if len(raw) == 0 || string(raw) == "null" {
		return nil, nil
	}
	if depth > depthMax {
		return nil, errTooDeep
	}
	var g object
	if err := json.Unmarshal(raw, &g); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrForm, err)
	}
	var polygons [][]Ring
	var err error
	switch g.Type {
	case "Polygon":
		polygons = make([][]Ring, 1)
		err = json.Unmarshal(g.Coordinates, &polygons[0])
	case "MultiPolygon":
		err = json.Unmarshal(g.Coordinates, &polygons)
	case "GeometryCollection":
		return in.collection(g.Geometries, depth)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrForm, err)
	}
	var out []Ring
	for _, p := range polygons {
		for _, r := range p {
			if out, err = in.ring(out, r); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

func (in *reader) collection(list []json.RawMessage, depth int) ([]Ring, error) {
	var out []Ring
	for _, raw := range list {
		rings, err := in.geometry(raw, depth+1)
		if err != nil {
			return nil, err
		}
		out = append(out, rings...)
	}
	return out, nil
}

// ring takes a ring in, closed; one of fewer than three corners is none.
func (in *reader) ring(out []Ring, r Ring) ([]Ring, error) {
	if len(r) < 3 {
		return out, nil
	}
	if in.points += len(r); in.points > in.lim.Points {
		return nil, ErrLarge
	}
	for _, p := range r {
		if !(p[0] >= -180 && p[0] <= 180 && p[1] >= -90 && p[1] <= 90) {
			return nil, ErrDegrees
		}
	}
	if r[0] != r[len(r)-1] {
		r = append(r, r[0])
	}
	return append(out, r), nil
}

// plain writes an id or a property as text.
func plain(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return ""
}

func texts(props map[string]any) map[string]string {
	out := map[string]string{}
	for k, v := range props {
		if s := plain(v); s != "" {
			out[k] = s
		}
	}
	return out
}
