package geo

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func shared(t testing.TB, name string) []byte {
	t.Helper()
	dir := os.Getenv("LOTRINH_SHARED")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared")
	}
	b, err := os.ReadFile(filepath.Join(dir, "data", "geo", name))
	if err != nil {
		t.Skipf("%s is not here", name)
	}
	return b
}

// The same outlines come out of both formats.
func TestBothFormats(t *testing.T) {
	for _, name := range []string{"provinces", "24_bac_ninh_communes", "48_da_nang_communes", "79_ho_chi_minh_communes"} {
		a, err := Parse(strings.NewReader(string(shared(t, name+".geojson"))), Limits{})
		if err != nil {
			t.Fatal(err)
		}
		b, err := Parse(strings.NewReader(string(shared(t, name+".topojson"))), Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if len(a) != len(b) {
			t.Fatalf("%s: %d and %d features", name, len(a), len(b))
		}
		byCode := map[string]Feature{}
		for _, f := range b {
			byCode[f.Props["code"]] = f
		}
		for _, f := range a {
			g := byCode[f.Props["code"]]
			x, y := Centroid(f.Rings)
			u, v := Centroid(g.Rings)
			if math.Hypot(x-u, y-v) > 0.02 || len(f.Rings) != len(g.Rings) || f.Props["name"] != g.Props["name"] {
				t.Errorf("%s %s: %.3f %.3f (%d rings), %.3f %.3f (%d rings)", name, f.Props["name"], x, y, len(f.Rings), u, v, len(g.Rings))
			}
		}
	}
}

func TestIslandsStay(t *testing.T) {
	features, err := Parse(strings.NewReader(string(shared(t, "provinces.geojson"))), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range features {
		rings := make([]Ring, len(f.Rings))
		for i, r := range f.Rings {
			rings[i] = Simplify(r, 0.5)
			if len(rings[i]) < 4 {
				t.Errorf("%s: an island vanished", f.Props["name"])
			}
		}
		back, err := Decode(Encode(rings))
		if err != nil || len(back) != len(f.Rings) {
			t.Errorf("%s: %d of %d rings, %v", f.Props["name"], len(back), len(f.Rings), err)
		}
	}
}

func TestRefusals(t *testing.T) {
	square := `[[[0,0],[1,0],[1,1],[0,0]]]`
	for in, want := range map[string]error{
		``:                 ErrForm,
		`[]`:               ErrForm,
		`{"type":"Point"}`: ErrForm,
		`{"type":"FeatureCollection","features":[]}`: ErrForm,
		`{"type":"Feature","geometry":{"type":"Polygon","coordinates":[[[560000,1780000],[1,2],[3,4],[560000,1780000]]]}}`: ErrDegrees,
		`{"type":"Topology","arcs":[[[0,0],[1,1],[0,1]]],"objects":{"a":{"type":"Polygon","arcs":[[7]]}}}`:                 ErrArcs,
		`{"type":"FeatureCollection","features":[{"type":"FeatureCollection","features":[]}]}`:                             ErrForm,
		`{"type":"Feature","geometry":{"type":"Polygon","coordinates":` + square + `}}`:                                    nil,
	} {
		if _, err := Parse(strings.NewReader(in), Limits{}); !errors.Is(err, want) || want == nil && err != nil {
			t.Errorf("%s: %v, want %v", in, err, want)
		}
	}
	many := `{"type":"Topology","arcs":[[[0,0],[1,1],[0,1],[0,0]]],"objects":{"a":{"type":"Polygon","arcs":[[` + strings.Repeat("0,", 5000) + `0]]}}}`
	for _, lim := range []Limits{{Points: 1000}, {Bytes: 100}} {
		if _, err := Parse(strings.NewReader(many), lim); !errors.Is(err, ErrLarge) {
			t.Errorf("%+v: %v", lim, err)
		}
	}
}

func TestCentroid(t *testing.T) {
	square := Ring{{0, 0}, {2, 0}, {2, 2}, {0, 2}, {0, 0}}
	if x, y := Centroid([]Ring{square}); math.Abs(x-1) > 1e-9 || math.Abs(y-1) > 1e-9 {
		t.Errorf("%f %f", x, y)
	}
	if x, y := Centroid([]Ring{{{3, 4}, {3, 4}, {3, 4}}}); x != 3 || y != 4 {
		t.Errorf("%f %f", x, y)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"type":"Feature","id":7,"properties":{"code":"1"},"geometry":{"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1]]]]}}`))
	f.Add([]byte(`{"type":"Topology","transform":{"scale":[0.1,0.1],"translate":[1,1]},"arcs":[[[0,0],[1,1],[0,1]]],"objects":{"a":{"type":"GeometryCollection","geometries":[{"type":"Polygon","arcs":[[0,-1]]}]}}}`))
	f.Fuzz(func(t *testing.T, in []byte) {
		features, err := Parse(strings.NewReader(string(in)), Limits{Points: 10_000})
		if err != nil {
			return
		}
		for _, ft := range features {
			for i, r := range ft.Rings {
				if r[0] != r[len(r)-1] {
					t.Fatal("a ring is open")
				}
				ft.Rings[i] = Simplify(r, 0.001)
			}
			if back, err := Decode(Encode(ft.Rings)); err != nil || len(back) != len(ft.Rings) {
				t.Fatalf("%d of %d rings, %v", len(back), len(ft.Rings), err)
			}
			Centroid(ft.Rings)
		}
	})
}

func FuzzDecode(f *testing.F) {
	f.Add(Encode([]Ring{{{108.039, 16.107}, {108.0405, 16.1055}, {108.039, 16.107}}}))
	f.Fuzz(func(t *testing.T, in string) {
		rings, err := Decode(in)
		if err != nil || slices.ContainsFunc(rings, farOut) {
			return
		}
		again, err := Decode(Encode(rings))
		if err != nil || !slices.EqualFunc(rings, again, slices.Equal) {
			t.Fatalf("%v, again %v, %v", rings, again, err)
		}
	})
}

// farOut says whether a ring is none that Encode is made for.
func farOut(r Ring) bool {
	return len(r) == 0 || slices.ContainsFunc(r, func(p [2]float64) bool { return math.Abs(p[0]) > 180 || math.Abs(p[1]) > 180 })
}
