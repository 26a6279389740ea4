package geo

import (
	"errors"
	"math"
	"strings"
)

// Simplify thins a ring out: no point that is left out lay farther than tolerance,
// in degrees, from the line that is kept (Douglas and Peucker). A ring keeps at
// least three corners, so that no island vanishes.
func Simplify(r Ring, tolerance float64) Ring {
	if len(r) <= 5 {
		return r
	}
	// A closed line has no ends: it is cut at its first point and the one farthest
	// from it.
	far := farthest(r, r[0])
	keep := make([]bool, len(r))
	keep[0], keep[far], keep[len(r)-1] = true, true, true
	thin(r, 0, far, tolerance, keep)
	thin(r, far, len(r)-1, tolerance, keep)
	out := make(Ring, 0, len(r))
	for i, k := range keep {
		if k {
			out = append(out, r[i])
		}
	}
	if len(out) < 4 {
		return Ring{r[0], r[far/2], r[far], r[len(r)-1]}
	}
	return out
}

func farthest(r Ring, from [2]float64) int {
	best, at := -1.0, len(r)/2
	for i, p := range r {
		if d := math.Hypot(p[0]-from[0], p[1]-from[1]); d > best {
			best, at = d, i
		}
	}
	return at
}

type span struct{ a, b int }

func thin(r Ring, a, b int, tolerance float64, keep []bool) {
	todo := []span{{a, b}}
	for len(todo) > 0 {
		s := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		worst, at := tolerance, -1
		for i := s.a + 1; i < s.b; i++ {
			if d := away(r[i], r[s.a], r[s.b]); d > worst {
				worst, at = d, i
			}
		}
		if at >= 0 {
			keep[at] = true
			todo = append(todo, span{s.a, at}, span{at, s.b})
		}
	}
}

// away is how far p is from the line between a and b.
func away(p, a, b [2]float64) float64 {
	dx, dy := b[0]-a[0], b[1]-a[1]
	if dx == 0 && dy == 0 {
		return math.Hypot(p[0]-a[0], p[1]-a[1])
	}
	t := ((p[0]-a[0])*dx + (p[1]-a[1])*dy) / (dx*dx + dy*dy)
	t = math.Max(0, math.Min(1, t))
	return math.Hypot(p[0]-a[0]-t*dx, p[1]-a[1]-t*dy)
}

// Centroid is the middle of an outline by area; of one without area, the mean of
// its corners.
func Centroid(rings []Ring) (lon, lat float64) {
	var area, x, y, n, sx, sy float64
	for _, r := range rings {
		var a, rx, ry float64
		for i := 0; i+1 < len(r); i++ {
			cross := (r[i][0]-r[0][0])*(r[i+1][1]-r[0][1]) - (r[i+1][0]-r[0][0])*(r[i][1]-r[0][1])
			a += cross / 2
			rx += (r[i][0] + r[i+1][0] + r[0][0]) / 3 * cross / 2
			ry += (r[i][1] + r[i+1][1] + r[0][1]) / 3 * cross / 2
			sx, sy, n = sx+r[i][0], sy+r[i][1], n+1
		}
		if a < 0 {
			a, rx, ry = -a, -rx, -ry
		}
		area, x, y = area+a, x+rx, y+ry
	}
	if area > 1e-12 {
		return x / area, y / area
	}
	if n == 0 {
		return 0, 0
	}
	return sx / n, sy / n
}

const precision = 1e4 // a ten-thousandth of a degree is 11 m

// Encode writes rings as a text: each point as the step from the one before in
// ten-thousandths of a degree, in the letters of Google's polylines; a space stands
// between rings.
func Encode(rings []Ring) string {
	var b strings.Builder
	for i, r := range rings {
		if i > 0 {
			b.WriteByte(' ')
		}
		var x, y int64
		for _, p := range r {
			nx, ny := int64(math.Round(p[0]*precision)), int64(math.Round(p[1]*precision))
			put(&b, nx-x)
			put(&b, ny-y)
			x, y = nx, ny
		}
	}
	return b.String()
}

func put(b *strings.Builder, n int64) {
	u := uint64(n<<1) ^ uint64(n>>63)
	for ; u >= 0x20; u >>= 5 {
		b.WriteByte(byte(0x20|u&0x1f) + 63)
	}
	b.WriteByte(byte(u) + 63)
}

var errText = errors.New("geo: a text that is no outline")

// Decode reads what Encode wrote.
func Decode(text string) ([]Ring, error) {
	if text == "" {
		return nil, nil
	}
	var rings []Ring
	for part := range strings.SplitSeq(text, " ") {
		var r Ring
		var x, y int64
		for len(part) > 0 {
			dx, n := get(part)
			dy, m := get(part[n:])
			if n == 0 || m == 0 {
				return nil, errText
			}
			x, y, part = x+dx, y+dy, part[n+m:]
			r = append(r, [2]float64{float64(x) / precision, float64(y) / precision})
		}
		rings = append(rings, r)
	}
	return rings, nil
}

// get reads a number and says how many letters it took; none when it is broken.
func get(s string) (n int64, used int) {
	var u uint64
	for i := 0; i < len(s) && i < 12; i++ {
		c := s[i] - 63
		if c > 0x3f {
			return 0, 0
		}
		u |= uint64(c&0x1f) << (5 * i)
		if c < 0x20 {
			return int64(u>>1) ^ -int64(u&1), i + 1
		}
	}
	return 0, 0
}
