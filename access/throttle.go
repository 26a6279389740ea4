package access

import (
	"context"
	"math"
	"sync"
	"time"

	"lotrinh/platform/clock"
	"lotrinh/platform/errs"
)

// Guessing is slowed in two ways, each for the one who guesses and nobody else:
// for a name tried from one place, and for a place whatever the name. A browser
// in which the account was signed in before is a place of its own, so that a
// guesser in the same office does not hold up the owner. Names are counted as
// typed, whether anybody bears them or not.
const (
	pairFree   = 5                // failures before a name and place must wait
	pairWorst  = 15 * time.Minute // longest wait
	placeFree  = 60               // an office shares one address
	placeWorst = time.Minute
	forgetIn   = 30 * time.Minute // half of the failures are forgiven in this time
	guessesMax = 100_000          // places and pairs remembered
	pairAtOnce = 5                // attempts under way
	spotAtOnce = 200              // of one place; the rest are asked to come again in a moment
)

// guesses remembers who failed.
type guesses struct {
	mu       sync.Mutex
	all      map[string]*failures
	underWay map[string]int // attempts that have not ended: many at once are no way round the wait
}

type failures struct {
	weight float64 // failures, the older ones counting less
	at     time.Time
}

func newGuesses() *guesses { return &guesses{all: map[string]*failures{}, underWay: map[string]int{}} }

func (f *failures) now(t time.Time) float64 {
	return f.weight * math.Exp2(-float64(max(0, t.Sub(f.at)))/float64(forgetIn))
}

// wait is how long after the last failure the next attempt must be: nothing for
// the first free ones, then 2, 4, 8 … seconds.
func (f *failures) wait(free int, worst time.Duration) time.Duration {
	over := f.weight - float64(free)
	if over < -0.5 { // the last few seconds forgive a little of the whole number
		return 0
	}
	return time.Duration(min(math.Exp2(1+over)*float64(time.Second), float64(worst)))
}

func pairKey(name, place string) string { return "pair\x00" + name + "\x00" + place }
func placeKey(place string) string      { return "place\x00" + place }

// left is how long name from place must still wait.
func (g *guesses) left(now time.Time, name, place string) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	return max(g.all[pairKey(name, place)].left(now, pairFree, pairWorst), g.all[placeKey(place)].left(now, placeFree, placeWorst))
}

func (f *failures) left(now time.Time, free int, worst time.Duration) time.Duration {
	if f == nil {
		return 0
	}
	if wait := f.wait(free, worst); wait > 0 {
		return max(0, f.at.Add(wait).Sub(now))
	}
	return 0
}

func (g *guesses) failed(now time.Time, name, place string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, key := range []string{pairKey(name, place), placeKey(place)} {
		f := g.all[key]
		if f == nil {
			g.room(now)
			f = &failures{}
			g.all[key] = f
		}
		f.weight, f.at = f.now(now)+1, now
	}
}

// room keeps the table bounded: what is forgiven goes first, then anything.
func (g *guesses) room(now time.Time) {
	if len(g.all) < guessesMax {
		return
	}
	for key, f := range g.all {
		if f.now(now) < 0.5 {
			delete(g.all, key)
		}
	}
	for key := range g.all {
		if len(g.all) < guessesMax*9/10 {
			return
		}
		delete(g.all, key)
	}
}

func (g *guesses) succeeded(name, place string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.all, pairKey(name, place))
}

// enter counts an attempt that begins; ok is false when too many are under way.
func (g *guesses) enter(name, place string) (leave func(), ok bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	pair, spot := pairKey(name, place), placeKey(place)
	if g.underWay[pair] >= pairAtOnce || g.underWay[spot] >= spotAtOnce {
		return nil, false
	}
	g.underWay[pair]++
	g.underWay[spot]++
	return func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		for _, key := range []string{pair, spot} {
			if g.underWay[key]--; g.underWay[key] <= 0 {
				delete(g.underWay, key)
			}
		}
	}, true
}

// try is one attempt at a secret: on a name, from a place. It refuses with Busy,
// and the seconds to wait, whoever guessed too often; fn says whether the attempt
// was right.
func (a *Access) try(ctx context.Context, name, place string, fn func() (bool, error)) (bool, error) {
	leave, ok := a.guesses.enter(name, place)
	if !ok {
		return false, errs.New(errs.Busy, "error.busy", 2)
	}
	defer leave()
	now := clock.Now(ctx)
	if d := a.guesses.left(now, name, place); d > 0 {
		return false, errs.New(errs.Busy, "access.wait", int(math.Ceil(d.Seconds())))
	}
	ok, err := fn()
	switch {
	case err != nil:
	case ok:
		a.guesses.succeeded(name, place)
	default:
		a.guesses.failed(now, name, place)
	}
	return ok, err
}
