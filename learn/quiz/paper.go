package quiz

import (
	"context"
	"encoding/json"
	"html"
	"math/rand/v2"
	"sync"

	"lotrinh/learn/markup"
	"lotrinh/platform/errs"
)

// PaperID names a paper: what a published test asks, frozen.
type PaperID string

// sheet is a paper as it is stored.
type sheet struct {
	Title        string  `json:"title"`
	Items        []entry `json:"items"`
	Pools        []pool  `json:"pools"`
	MixQuestions bool    `json:"mix_questions,omitempty"`
	MixOptions   bool    `json:"mix_options,omitempty"`
	Course       string  `json:"course,omitempty"`
	PassPercent  int64   `json:"pass_percent"` // of the points to be had
	Late         Late    `json:"late"`
}

// entry is a version of a question in a paper.
type entry struct {
	Question QuestionID `json:"question"`
	Version  int        `json:"version"`
	Outcome  string     `json:"outcome,omitempty"`
	Body
}

// pool is the questions out of which each attempt is asked Count.
type pool struct {
	Items []int `json:"items"` // places in sheet.Items
	Count int   `json:"count"`
}

// Paper is a compiled sheet; it never changes.
type Paper struct {
	ID    PaperID
	Title string
	items []item
	sheet sheet
}

// item is a question of a paper with its ready-made HTML.
type item struct {
	entry
	stem        []byte   // HTML
	explanation []byte   // HTML
	labels      [][]byte // HTML of options, left sides or items in the written order
	rights      [][]byte // HTML of right sides
	byHand      bool
}

func compileItem(e entry) item {
	it := item{entry: e, stem: []byte(markup.HTML(e.Stem, nil)), byHand: e.Kind == Essay}
	if e.Explanation != "" {
		it.explanation = []byte(markup.HTML(e.Explanation, nil))
	}
	for _, o := range e.Options {
		it.labels = append(it.labels, []byte(markup.Line(o.Text)))
	}
	for _, p := range e.Pairs {
		it.labels = append(it.labels, []byte(html.EscapeString(p.Left)))
		it.rights = append(it.rights, []byte(html.EscapeString(p.Right)))
	}
	for _, s := range e.Sequence {
		it.labels = append(it.labels, []byte(html.EscapeString(s)))
	}
	return it
}

// parts is how many values an answer to a matching or ordering has.
func (it *item) parts() int { return max(len(it.Pairs), len(it.Sequence)) }

// order is how a question is shown in one attempt. options[i] is the place, as
// written, of what is shown as number i; so are rights for right sides.
type order struct {
	options []int
	rights  []int
}

// compile makes a paper of its stored text.
func compile(id PaperID, body string) (*Paper, error) {
	p := &Paper{ID: id}
	if err := json.Unmarshal([]byte(body), &p.sheet); err != nil {
		return nil, err
	}
	p.Title = p.sheet.Title
	p.items = make([]item, len(p.sheet.Items))
	for i, e := range p.sheet.Items {
		p.items[i] = compileItem(e)
	}
	return p, nil
}

// dice draws the same numbers for the same seed, on every version of the program.
type dice struct{ r *rand.PCG }

func roll(seed int64, about int) dice {
	return dice{rand.NewPCG(uint64(seed), uint64(about)*0x9e3779b97f4a7c15+1)}
}

func (d dice) shuffle(n int) []int {
	out := inOrder(n)
	for i := n - 1; i > 0; i-- {
		j := int(d.r.Uint64() % uint64(i+1))
		out[i], out[j] = out[j], out[i]
	}
	return out
}

func inOrder(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

// draw chooses what an attempt of seed is asked: places in items, in the order
// shown.
func (p *Paper) draw(seed int64) []int {
	var out []int
	for i, pool := range p.sheet.Pools {
		from := pool.Items
		if pool.Count >= len(from) && !p.sheet.MixQuestions {
			out = append(out, from...)
			continue
		}
		for _, k := range roll(seed, -1-i).shuffle(len(from))[:min(pool.Count, len(from))] {
			out = append(out, from[k])
		}
	}
	if !p.sheet.MixQuestions {
		return out
	}
	mixed := make([]int, len(out))
	for i, k := range roll(seed, -1000).shuffle(len(out)) {
		mixed[i] = out[k]
	}
	return mixed
}

// orderOf is how item i is shown in an attempt of seed. Right sides and items to
// be ordered are always mixed; so is nothing that has to stay as written.
func (p *Paper) orderOf(seed int64, i int) order {
	it := &p.items[i]
	switch it.Kind {
	case Single, Multiple:
		if p.sheet.MixOptions {
			return order{options: roll(seed, i).shuffle(len(it.Options))}
		}
		return order{options: inOrder(len(it.Options))}
	case Matching:
		return order{options: inOrder(len(it.Pairs)), rights: roll(seed, i).shuffle(len(it.Pairs))}
	case Ordering:
		return order{options: roll(seed, i).shuffle(len(it.Sequence))}
	}
	return order{}
}

// papers holds compiled papers in memory: they never change.
type papers struct {
	load func(context.Context, PaperID) (string, error)
	mu   sync.RWMutex
	all  map[PaperID]*Paper
}

const papersMax = 500 // compiled papers held; a paper is some hundred kilobytes

func (c *papers) get(ctx context.Context, id PaperID) (*Paper, error) {
	c.mu.RLock()
	p := c.all[id]
	c.mu.RUnlock()
	if p != nil {
		return p, nil
	}
	if id == "" {
		return nil, errs.New(errs.Conflict, "learn_quiz.not-published")
	}
	body, err := c.load(ctx, id)
	if err != nil {
		return nil, err
	}
	if p, err = compile(id, body); err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.all == nil || len(c.all) >= papersMax {
		c.all = map[PaperID]*Paper{}
	}
	c.all[id] = p
	return p, nil
}
