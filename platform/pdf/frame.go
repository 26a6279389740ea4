package pdf

import (
	"math"
	"strings"

	"github.com/signintech/gopdf"
)

// drawFrame draws the frame of a certificate: a strong rule between two fine
// ones, a meander in each corner, a lozenge in the middle
// of each long side, and behind the text, in the palest tint, a sun of fourteen
// rays as on the bronze drums of Đông Sơn.
func drawFrame(c *canvas, accent, ornament color) {
	drawSun(c, tint(ornament, 0.10))
	inset := func(d float64, p pen) {
		c.box(p, mm(d), mm(d), a4Long-2*mm(d), a4Short-2*mm(d))
	}
	inset(8, pen{width: 0.5, color: ornament})
	inset(9.6, pen{width: 1.8, color: accent})
	inset(11.2, pen{width: 0.5, color: ornament})
	for _, corner := range [][4]float64{
		{mm(11.2), mm(11.2), 1, 1}, {a4Long - mm(11.2), mm(11.2), -1, 1},
		{mm(11.2), a4Short - mm(11.2), 1, -1}, {a4Long - mm(11.2), a4Short - mm(11.2), -1, -1},
	} {
		drawKnot(c, pen{width: 0.9, color: ornament}, corner)
	}
	for _, y := range []float64{mm(9.6), a4Short - mm(9.6)} {
		drawLozenge(c, accent, ornament, a4Long/2, y)
	}
}

// tint is a colour mixed with white; part is how much of the colour stays.
func tint(k color, part float64) color {
	for i, v := range k {
		k[i] = uint8(255 - (255-float64(v))*part)
	}
	return k
}

// knot is one arm of the corner ornament, a meander that curls in at its end, in
// millimetres from the corner; the other arm is the same with x and y exchanged.
var knot = [][2]float64{{2, 2}, {24, 2}, {24, 6}, {15, 6}, {15, 4}, {21, 4}}

// drawKnot draws the ornament in a corner given by its point and the directions
// in which it opens.
func drawKnot(c *canvas, p pen, corner [4]float64) {
	at := func(x, y float64) [2]float64 {
		return [2]float64{corner[0] + corner[2]*mm(x), corner[1] + corner[3]*mm(y)}
	}
	for i := 1; i < len(knot); i++ {
		a, b := knot[i-1], knot[i]
		from, to := at(a[0], a[1]), at(b[0], b[1])
		c.rule(p, from[0], from[1], to[0], to[1])
		from, to = at(a[1], a[0]), at(b[1], b[0])
		c.rule(p, from[0], from[1], to[0], to[1])
	}
	c.polygon(p.color, [][2]float64{at(4.2, 6), at(6, 4.2), at(7.8, 6), at(6, 7.8)})
}

// drawLozenge draws a lozenge with a smaller one in it on the frame's strong rule.
func drawLozenge(c *canvas, accent, ornament color, x, y float64) {
	for _, l := range []struct {
		ink  color
		w, h float64
	}{{color{255, 255, 255}, 9, 2.6}, {ornament, 7.5, 2.2}, {color{255, 255, 255}, 6.2, 1.7}, {accent, 4.2, 1.2}} {
		c.polygon(l.ink, [][2]float64{{x - mm(l.w), y}, {x, y - mm(l.h)}, {x + mm(l.w), y}, {x, y + mm(l.h)}})
	}
}

// drawSun draws the sun in the middle of the page with two rings around it.
func drawSun(c *canvas, ink color) {
	const rays = 14
	x, y := a4Long/2, a4Short/2
	points := make([][2]float64, 2*rays)
	for i := range points {
		r := mm(33)
		if i%2 == 1 {
			r = mm(11)
		}
		angle := math.Pi*float64(i)/rays - math.Pi/2
		points[i] = [2]float64{x + r*math.Cos(angle), y + r*math.Sin(angle)}
	}
	c.polygon(ink, points)
	for _, ring := range []struct{ r, width float64 }{{38, 0.8}, {40, 2.2}, {42.5, 0.8}} {
		c.ring(pen{width: ring.width, color: ink}, x, y, mm(ring.r))
	}
}

// polygon fills a shape.
func (c *canvas) polygon(ink color, points [][2]float64) {
	c.ink(ink)
	shape := make([]gopdf.Point, len(points))
	for i, p := range points {
		shape[i] = gopdf.Point{X: p[0], Y: p[1]}
	}
	c.gp.Polygon(shape, "F")
}

// ring draws a circle.
func (c *canvas) ring(p pen, x, y, r float64) {
	c.pen(p)
	c.gp.Oval(x-r, y-r, x+r, y+r)
}

// link makes an area of the page open a web address.
func (c *canvas) link(url string, x, y, w, h float64) {
	if strings.HasPrefix(url, "https://") || strings.HasPrefix(url, "http://") {
		c.gp.AddExternalLink(url, x, y, w, h)
	}
}
