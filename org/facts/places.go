package facts

import (
	"errors"
	"math"
	"slices"
	"strconv"
)

// at reads "A LON LAT" of a place that was published.
func (j *journal) at(f []string) error { return j.placed(f, false) }

// near reads "A LON LAT" of a place that was computed from others.
func (j *journal) near(f []string) error { return j.placed(f, true) }

func (j *journal) placed(f []string, derived bool) error {
	if len(f) != 3 {
		return errForm
	}
	return j.put(f[0], f[1:], derived)
}

func (j *journal) put(address string, at []string, derived bool) error {
	key, err := j.is(address)
	if err != nil {
		return err
	}
	if len(at) != 2 {
		return errForm
	}
	lon, err1 := strconv.ParseFloat(at[0], 64)
	lat, err2 := strconv.ParseFloat(at[1], 64)
	if err1 != nil || err2 != nil || !(lon > 100 && lon < 120 && lat > 6 && lat < 25) {
		return errors.New("not in Việt Nam")
	}
	j.places[key] = place{lon, lat, derived}
	return nil
}

// locate gives every span its place. A unit without one of its own lies in the
// middle of those that followed it, a district or province in the middle of the
// communes that it ever had.
func (j *journal) locate() {
	heirs, children := map[string][]string{}, map[string][]string{}
	for _, s := range j.successions {
		if s.Moves() && s.From != s.To {
			heirs[s.From] = append(heirs[s.From], s.To)
		}
	}
	for _, u := range j.units {
		if u.Parent != "" && !slices.Contains(children[u.Parent], u.Key) {
			children[u.Parent] = append(children[u.Parent], u.Key)
		}
	}
	tiers := map[string]Tier{}
	for _, u := range j.units {
		tiers[u.Key] = u.Tier
	}
	var of func(key string, depth int) (place, bool)
	of = func(key string, depth int) (place, bool) {
		if p, ok := j.places[key]; ok || depth == 0 {
			return p, ok
		}
		from := children[key]
		if tiers[key] == CommuneTier || len(from) == 0 {
			from = heirs[key]
		}
		p, ok := middle(from, func(k string) (place, bool) { return of(k, depth-1) })
		if ok {
			j.places[key] = p
		}
		return p, ok
	}
	for i := range j.units {
		// A chain of heirs and children is never longer than the units are many;
		// eight is more than any real one and ends a circle.
		p, _ := of(j.units[i].Key, 8)
		j.units[i].Lon, j.units[i].Lat, j.units[i].Derived = p.lon, p.lat, p.derived
	}
}

func middle(keys []string, of func(string) (place, bool)) (place, bool) {
	sum, n := place{derived: true}, 0.0
	for _, k := range keys {
		if p, ok := of(k); ok {
			sum.lon, sum.lat, n = sum.lon+p.lon, sum.lat+p.lat, n+1
		}
	}
	if n == 0 {
		return place{}, false
	}
	sum.lon, sum.lat = round(sum.lon/n), round(sum.lat/n)
	return sum, true
}

// round keeps ten metres.
func round(degrees float64) float64 { return math.Round(degrees*1e4) / 1e4 }
