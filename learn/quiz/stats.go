package quiz

import (
	"context"
	"math"

	"lotrinh/access"
	"lotrinh/platform/db"
)

// ItemStat is how a question of a test did.
type ItemStat struct {
	Question       QuestionID
	Version        int
	Stem           string
	Level          string
	N              int     // times asked and marked
	Facility       float64 // mean share of its points, 0 to 1; the lower the harder
	Discrimination float64 // correlation of its share with that of all other questions, -1 to 1
}

// Stats is the item statistics of a test.
type Stats struct {
	Test     Test
	Attempts int
	Mean     float64 // share of the points, 0 to 1
	Spread   float64 // standard deviation of the same
	Alpha    float64 // reliability (Cronbach); an estimate where each attempt is asked other questions
	Items    []ItemStat
}

// statsMax is how many attempts are looked at, the latest first; more change no
// figure that is shown.
const statsMax = 20000

type statRow struct {
	Paper PaperID `db:"paper_id"`
	Drawn string  `db:"drawn"`
	Marks string  `db:"marks"`
}

// Statistics returns facility, discrimination and reliability of a test over the
// marked attempts of all units, to those who may see the test's bank. No figure
// tells anything of a person.
func (q *Quiz) Statistics(ctx context.Context, tid TestID) (Stats, error) {
	t, err := q.store.test(ctx, tid)
	if err != nil {
		return Stats{}, err
	}
	if err := access.Check(ctx, ReadBank, t.Unit); err != nil {
		return Stats{}, err
	}
	c := counting{items: map[itemKey]*itemSums{}}
	err = db.Each(ctx, q.db, `select paper_id, drawn, marks from learn_quiz_attempt where test_id = $1 and state = 'graded'
		order by submitted_at desc limit $2`, []any{string(tid), statsMax}, func(r statRow) error {
		p, err := q.papers.get(ctx, r.Paper)
		if err == nil {
			c.take(p, splitInts(r.Drawn), marksOf(r.Marks))
		}
		return err
	})
	if err != nil {
		return Stats{}, err
	}
	s := c.stats()
	s.Test = t
	return s, nil
}

type itemKey struct {
	q QuestionID
	v int
}

// itemSums are the sums behind the figures of a question: x is its share of its
// points, y the share of all others.
type itemSums struct {
	it                   *item
	n                    int
	x, y, xx, yy, xy, no float64
}

type counting struct {
	items   map[itemKey]*itemSums
	order   []itemKey
	n       int
	sum, sq float64
	asked   float64 // questions in an attempt, summed
}

func (c *counting) take(p *Paper, drawn []int, marks []int64) {
	if len(drawn) == 0 || len(marks) != len(drawn) {
		return
	}
	shares, total := make([]float64, len(drawn)), 0.0
	for i, at := range drawn {
		shares[i] = float64(max(marks[i], 0)) / float64(max(p.items[at].Points*1000, 1))
		total += shares[i]
	}
	mean := total / float64(len(drawn))
	c.n, c.sum, c.sq, c.asked = c.n+1, c.sum+mean, c.sq+mean*mean, c.asked+float64(len(drawn))
	for i, at := range drawn {
		it := &p.items[at]
		k := itemKey{it.Question, it.Version}
		s := c.items[k]
		if s == nil {
			s = &itemSums{it: it}
			c.items[k] = s
			c.order = append(c.order, k)
		}
		x, y := shares[i], 0.0
		if len(drawn) > 1 {
			y = (total - shares[i]) / float64(len(drawn)-1)
		}
		s.n++
		s.x, s.y, s.xx, s.yy, s.xy = s.x+x, s.y+y, s.xx+x*x, s.yy+y*y, s.xy+x*y
	}
}

func (c *counting) stats() Stats {
	s := Stats{Attempts: c.n}
	if c.n == 0 {
		return s
	}
	n := float64(c.n)
	s.Mean = c.sum / n
	s.Spread = math.Sqrt(math.Max(0, c.sq/n-s.Mean*s.Mean))
	within := 0.0
	for _, k := range c.order {
		i := c.items[k]
		m := float64(i.n)
		within += (i.xx/m - (i.x/m)*(i.x/m)) * m
		s.Items = append(s.Items, ItemStat{Question: k.q, Version: k.v, Stem: i.it.Stem, Level: i.it.Outcome, N: i.n, Facility: i.x / m,
			Discrimination: correlation(m, i.x, i.y, i.xx, i.yy, i.xy)})
	}
	s.Alpha = alpha(c.asked/n, within/n, s.Spread)
	return s
}

// correlation is Pearson's, 0 where one of the two never varies.
func correlation(n, x, y, xx, yy, xy float64) float64 {
	vx, vy := xx/n-(x/n)*(x/n), yy/n-(y/n)*(y/n)
	if n < 2 || vx <= 1e-12 || vy <= 1e-12 {
		return 0
	}
	return (xy/n - (x/n)*(y/n)) / math.Sqrt(vx*vy)
}

// alpha is Cronbach's: k questions on average, whose variances add up to within in
// an attempt, and the spread of the mean share. For papers drawn from a bank it is
// an estimate, since not everybody is asked the same.
func alpha(k, within, spread float64) float64 {
	total := k * k * spread * spread // variance of the sum of shares
	if k < 2 || total <= 1e-12 {
		return 0
	}
	return k / (k - 1) * (1 - within/total)
}
