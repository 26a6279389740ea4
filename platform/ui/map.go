package ui

import (
	"context"
	"math"
	"strings"

	"lotrinh/platform/i18n"
)

// Atlas is a map of places, each a point or, where its outline is known, a shape.
// Quần đảo Hoàng Sa and Quần đảo Trường Sa stand on every map, in a box of their
// own with their names, whatever places are given: their outlines when the places
// bring them, else their islands as points.
type Atlas struct {
	Title   i18n.Text
	Unit    i18n.Text // what Place.Value says; may be zero
	Places  []Place
	Classes []i18n.Text // words of the legend for class 0, 1, …; at most seven
	Islands []Island    // other words or links for the two archipelagos
}

// Place is a unit on a map.
type Place struct {
	Label    string
	Lat, Lon float64 // degrees; of the middle
	Shape    []Ring  // outline, in degrees; a bubble is drawn when nil
	Class    int     // colour, 0 to 6
	Size     int64   // bubbles grow with it; all alike when zero
	Value    string  // what the table and the title say, with its base
	Href     string
	Hide     bool // its label is left out of the drawing; the table has it
}

// Ring is a closed line of longitude, latitude pairs, as GeoJSON has them.
type Ring [][2]float64

// Island is one of the two archipelagos: "hoang-sa" or "truong-sa".
type Island struct {
	ID    string
	Label string // added under the name, such as "(thành phố Đà Nẵng)"
	Href  string
}

// archipelago is what the house itself knows of the two.
type archipelago struct {
	id, key   string
	min, max  [2]float64   // longitude and latitude of its corners
	landmarks [][2]float64 // some of its islands, longitude and latitude
}

var archipelagos = []archipelago{
	{"hoang-sa", "ui.map.hoang-sa", [2]float64{110.8, 15.4}, [2]float64{113.2, 17.4}, [][2]float64{
		{111.61, 16.53}, {111.59, 16.45}, {111.73, 16.45}, {111.20, 15.78}, {111.51, 16.51}, {111.77, 16.05},
		{112.33, 16.83}, {112.73, 16.67}, {112.34, 16.95}, {112.26, 16.97}, {112.54, 16.33}}},
	{"truong-sa", "ui.map.truong-sa", [2]float64{111.0, 6.4}, [2]float64{118.0, 12.4}, [][2]float64{
		{111.92, 8.64}, {112.91, 7.89}, {112.92, 8.86}, {113.69, 8.97}, {114.33, 9.88}, {114.37, 10.18}, {114.36, 10.38},
		{114.28, 11.05}, {114.33, 11.43}, {114.36, 11.45}, {115.80, 10.72}, {113.83, 7.98}, {114.48, 9.90}, {112.58, 8.15},
		{115.02, 11.08}, {114.67, 10.65}}},
}

const (
	mapSide  = 400.0 // the longer side of the land in the drawing
	mapEdge  = 36.0  // room around the land
	boxSide  = 160.0 // one archipelago's box
	islandID = 2     // their count; both always stand
)

// sheet is a drawn map.
type sheet struct {
	w, h   float64
	shapes []shape
	boxes  []islandBox
}

type shape struct {
	d              string // path of an outline; "" for a bubble
	x, y, r        float64
	class          string
	title, href    string
	label          string
	labelX, labelY float64
}

type islandBox struct {
	name, label string
	href        string
	shapes      []shape
}

// extent is a rectangle of longitude and latitude.
type extent struct{ w, s, e, n float64 }

func (x *extent) add(lon, lat float64) {
	x.w, x.e = math.Min(x.w, lon), math.Max(x.e, lon)
	x.s, x.n = math.Min(x.s, lat), math.Max(x.n, lat)
}

func nowhere() extent { return extent{1e9, 1e9, -1e9, -1e9} }

// projection lays degrees on paper: equirectangular, true at the middle latitude.
type projection struct{ lon, lat, kx, ky, x, y float64 }

func (p projection) at(lon, lat float64) (float64, float64) {
	return p.x + (lon-p.lon)*p.kx, p.y + (p.lat-lat)*p.ky
}

// fit projects e into a box at x, y, at most w by h, and says what it used.
func fit(e extent, x, y, w, h float64) (projection, float64, float64) {
	squeeze := math.Cos((e.n + e.s) / 2 * math.Pi / 180)
	dx, dy := math.Max(e.e-e.w, 0.02)*squeeze, math.Max(e.n-e.s, 0.02)
	k := math.Min(w/dx, h/dy)
	return projection{e.w, e.n, k * squeeze, k, x, y}, dx * k, dy * k
}

// islandOf says which archipelago a point lies in, or -1.
func islandOf(lon, lat float64) int {
	for i, a := range archipelagos {
		if lon >= a.min[0] && lon <= a.max[0] && lat >= a.min[1] && lat <= a.max[1] {
			return i
		}
	}
	return -1
}

// middle is the mean of a ring's corners.
func (r Ring) middle() (lon, lat float64) {
	for _, p := range r {
		lon += p[0]
		lat += p[1]
	}
	n := float64(max(1, len(r)))
	return lon / n, lat / n
}

// part splits the outline of a place into the land and the two archipelagos.
func (p Place) part() (land []Ring, island [islandID][]Ring) {
	for _, r := range p.Shape {
		if i := islandOf(r.middle()); i >= 0 {
			island[i] = append(island[i], r)
		} else {
			land = append(land, r)
		}
	}
	return land, island
}

// draw lays the whole map out.
func (a Atlas) draw(ctx context.Context) sheet {
	e := a.extent()
	pr, w, h := fit(e, mapEdge, mapEdge, mapSide, mapSide)
	s := sheet{w: w + 2*mapEdge, h: h + 2*mapEdge}
	biggest := a.biggest()
	for _, p := range a.Places {
		if sh, ok := p.onLand(ctx, a, pr, biggest); ok {
			s.shapes = append(s.shapes, sh)
		}
	}
	for i, ar := range archipelagos {
		s.boxes = append(s.boxes, a.box(ctx, i, ar))
	}
	return s
}

func (a Atlas) extent() extent {
	e := nowhere()
	for _, p := range a.Places {
		land, _ := p.part()
		for _, r := range land {
			for _, c := range r {
				e.add(c[0], c[1])
			}
		}
		if len(p.Shape) == 0 && islandOf(p.Lon, p.Lat) < 0 {
			e.add(p.Lon, p.Lat)
		}
	}
	if e.w > e.e { // nothing but islands, or nothing
		return extent{102.1, 8.4, 109.5, 23.4}
	}
	return e
}

func (a Atlas) biggest() (m int64) {
	for _, p := range a.Places {
		m = max(m, p.Size)
	}
	return m
}

func (p Place) onLand(ctx context.Context, a Atlas, pr projection, biggest int64) (shape, bool) {
	land, _ := p.part()
	s := p.plainShape(ctx, a)
	if len(land) > 0 {
		s.d = pathData(land, pr)
	} else if len(p.Shape) > 0 || islandOf(p.Lon, p.Lat) >= 0 {
		return s, false
	}
	s.x, s.y = pr.at(p.Lon, p.Lat)
	if s.r = 6; biggest > 0 {
		s.r = 3 + 11*math.Sqrt(float64(p.Size)/float64(biggest))
	}
	if !p.Hide {
		s.label, s.labelX, s.labelY = p.Label, s.x, s.y
		if s.d == "" {
			s.labelY += s.r + 10
		}
	}
	return s, true
}

func (p Place) plainShape(_ context.Context, _ Atlas) shape {
	title := p.Label
	if p.Value != "" {
		title += ": " + p.Value
	}
	return shape{class: classOf(p.Class), title: title, href: p.Href}
}

func classOf(c int) string { return "c" + string(rune('0'+min(max(c, 0), 6))) }

// pathData writes rings as the d of an SVG path, to a tenth of a unit, dropping
// points that fall on the one before.
func pathData(rings []Ring, pr projection) string {
	var b strings.Builder
	for _, r := range rings {
		lastX, lastY := math.Inf(1), math.Inf(1)
		for i, c := range r {
			x, y := pr.at(c[0], c[1])
			x, y = math.Round(x*10)/10, math.Round(y*10)/10
			if i > 0 && x == lastX && y == lastY {
				continue
			}
			lastX, lastY = x, y
			if i == 0 {
				b.WriteByte('M')
			} else {
				b.WriteByte('L')
			}
			b.WriteString(number(x) + " " + number(y))
		}
		b.WriteByte('z')
	}
	return b.String()
}

// box draws one archipelago, which never drops out.
func (a Atlas) box(ctx context.Context, i int, ar archipelago) islandBox {
	b := islandBox{name: i18n.S(ctx, ar.key)}
	for _, is := range a.Islands {
		if is.ID == ar.id {
			b.label, b.href = is.Label, is.Href
		}
	}
	pr, _, _ := fit(extent{ar.min[0], ar.min[1], ar.max[0], ar.max[1]}, 16, 10, boxSide-32, boxSide-58)
	for _, p := range a.Places {
		b.take(ctx, a, p, i, pr)
	}
	if len(b.shapes) == 0 {
		for _, m := range ar.landmarks {
			mx, my := pr.at(m[0], m[1])
			b.shapes = append(b.shapes, shape{x: mx, y: my, r: 2.5, class: "islet", href: ""})
		}
	}
	return b
}

// take draws what of p lies in archipelago i: the outlines, and since these are
// specks, a mark on each island as well.
func (b *islandBox) take(ctx context.Context, a Atlas, p Place, i int, pr projection) {
	_, island := p.part()
	s := p.plainShape(ctx, a)
	if rings := island[i]; len(rings) > 0 {
		s.d = pathData(rings, pr)
		s.class += " speck"
		b.shapes = append(b.shapes, s)
		return
	}
	if len(p.Shape) == 0 && islandOf(p.Lon, p.Lat) == i {
		for _, m := range archipelagos[i].landmarks {
			dot := s
			dot.r = 3
			dot.x, dot.y = pr.at(m[0], m[1])
			b.shapes = append(b.shapes, dot)
		}
	}
}

func (a Atlas) titled(ctx context.Context) string {
	return Chart{Title: a.Title, Unit: a.Unit}.titled(ctx)
}
