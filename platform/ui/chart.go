package ui

import (
	"context"
	"math"
	"strconv"

	"lotrinh/platform/i18n"
)

// Chart is a picture of figures. Each kind of chart takes the part it needs. All
// of them are drawn on the server as SVG, sized by attributes in percent, so that
// the words in them keep their size on a phone; and all have their table: Bars is
// one, the others keep it behind a disclosure.
type Chart struct {
	Title  i18n.Text
	Unit   i18n.Text // what is counted: "lượt", "người"; may be zero
	Labels []string  // of the rows of Bars and StackedBars, or of the points in time of Lines
	Hrefs  []string  // where each label leads; may be shorter or nil
	Series []Series
	Base   []int64 // of Bars: each value is shown as a share of its base
	Max    int64   // end of the scale; the largest value when zero
	ID     string  // of the figure; needed where a page has two charts of one title
}

// Series is one row of figures, as long as Chart.Labels. Name it where there is
// more than one.
type Series struct {
	Name   i18n.Text
	Values []int64
	Hrefs  []string // where each figure leads; may be shorter or nil
}

func at[T any](list []T, i int) T {
	var zero T
	if i < len(list) {
		return list[i]
	}
	return zero
}

// top is the end of the scale of a chart whose series stand beside each other.
func (c Chart) top() int64 {
	if c.Max > 0 {
		return c.Max
	}
	var m int64 = 1
	for _, s := range c.Series {
		for _, v := range s.Values {
			m = max(m, v)
		}
	}
	return m
}

// topStacked is the end of the scale where the series stand on each other.
func (c Chart) topStacked() int64 {
	m := max(c.Max, 1)
	for i := range c.Labels {
		m = max(m, c.total(i))
	}
	return m
}

func (c Chart) total(i int) (sum int64) {
	for _, s := range c.Series {
		sum += at(s.Values, i)
	}
	return sum
}

// barPart is how much of the width the bar of row i takes.
func (c Chart) barPart(i int) string {
	v := at(at(c.Series, 0).Values, i)
	if c.Base != nil {
		return percent(v, at(c.Base, i))
	}
	return percent(v, c.top())
}

// percent writes num/den for an SVG attribute, within 0 and 100.
func percent(num, den int64) string {
	if den <= 0 || num <= 0 {
		return "0%"
	}
	return number(math.Min(100, float64(num)*100/float64(den))) + "%"
}

// number writes f with at most two decimals.
func number(f float64) string {
	return strconv.FormatFloat(math.Round(f*100)/100, 'f', -1, 64)
}

// segment is a part of a stacked bar.
type segment struct {
	class, x, width, title, href string
}

func (c Chart) segments(ctx context.Context, i int) []segment {
	var out []segment
	var sum int64
	all := c.topStacked()
	for n, s := range c.Series {
		v := at(s.Values, i)
		if v <= 0 {
			continue
		}
		out = append(out, segment{seriesClass(n), percent(sum, all), percent(v, all),
			s.Name.In(ctx) + ": " + i18n.Number(ctx, v), at(s.Hrefs, i)})
		sum += v
	}
	return out
}

func seriesClass(n int) string { return "s" + strconv.Itoa(n%6+1) }

// scale is a y axis from zero to a round number.
type scale struct {
	top   int64
	steps []int64
}

// niceScale ends at a round number not below m and has four to six marks.
func niceScale(m int64) scale {
	step := int64(1)
	for m > step*5 {
		switch {
		case m <= step*10:
			step *= 2
		case m <= step*25:
			step *= 5
		default:
			step *= 10
		}
	}
	s := scale{}
	for v := int64(0); ; v += step {
		s.steps = append(s.steps, v)
		if s.top = v; v >= m {
			return s
		}
	}
}

// y is where v stands, in percent from the top of a plot with room above.
func (s scale) y(v int64) float64 {
	return 96 - 88*float64(v)/float64(s.top)
}

// x is where point i of n stands, in percent from the left.
func x(i, n int) float64 {
	if n < 2 {
		return 50
	}
	return 3 + 94*float64(i)/float64(n-1)
}

// points are the corners of a line, for a viewBox of 100 by 100.
func points(s scale, values []int64, n int) string {
	var b []byte
	for i, v := range values {
		b = strconv.AppendFloat(b, math.Round(x(i, n)*100)/100, 'f', -1, 64)
		b = append(b, ',')
		b = strconv.AppendFloat(b, math.Round(s.y(v)*100)/100, 'f', -1, 64)
		b = append(b, ' ')
	}
	return string(b)
}

func anchor(i, n int) string {
	switch {
	case n < 2:
		return "middle"
	case i == 0:
		return "start"
	case i == n-1:
		return "end"
	}
	return "middle"
}

func anchorX(i, n int) string {
	switch {
	case n > 1 && i == 0:
		return "0%"
	case n > 1 && i == n-1:
		return "100%"
	}
	return number(x(i, n)) + "%"
}

// tickClass thins the words under a line chart, counted from the last: to seven
// at most, and on a phone to four.
func tickClass(i, n int) string {
	fromEnd := n - 1 - i
	every := 1 + (n-1)/6
	if fromEnd%every != 0 {
		return "tick-off"
	}
	if fromEnd%(every*max(1, (n/every+3)/4)) != 0 {
		return "tick-wide"
	}
	return ""
}

// pointTitle is what a point of a line says when pointed at.
func (c Chart) pointTitle(ctx context.Context, s Series, i int) string {
	t := at(c.Labels, i) + ": " + i18n.Number(ctx, at(s.Values, i))
	if c.Unit.Key != "" {
		t += " " + c.Unit.In(ctx)
	}
	if s.Name.Key != "" {
		t = s.Name.In(ctx) + ", " + t
	}
	return t
}

// titled puts the unit behind the title.
func (c Chart) titled(ctx context.Context) string {
	if c.Unit.Key == "" {
		return c.Title.In(ctx)
	}
	return c.Title.In(ctx) + " (" + c.Unit.In(ctx) + ")"
}

func first(labels []string) string { return at(labels, 0) }

func last(labels []string) string { return at(labels, max(0, len(labels)-1)) }
