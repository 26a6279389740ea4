package quiz

import (
	"context"
	"math/rand/v2"
	"net/url"
	"strconv"
	"strings"

	"lotrinh/access"
	"lotrinh/platform/errs"
)

// Sample fills in an attempt as somebody would who knows so many percent of the
// answers, by the fields of its page. It is for demo data: it knows what is right,
// so only access.System may call it.
func (q *Quiz) Sample(ctx context.Context, aid AttemptID, percent int, r *rand.Rand) (url.Values, error) {
	if err := access.CheckSelf(ctx, ""); err != nil {
		return nil, errs.New(errs.NotFound, "error.not-found").Because(err)
	}
	s, err := q.sitting(ctx, aid)
	if err != nil {
		return nil, err
	}
	form := url.Values{}
	for k, i := range s.drawn {
		no := strconv.Itoa(k + 1)
		form.Add("n", no)
		s.paper.items[i].sample(form, "q"+no, s.paper.orderOf(s.seed, i), r.IntN(100) < percent, r)
	}
	return form, nil
}

// sample answers one question, rightly or at random.
func (it *item) sample(form url.Values, name string, show order, knows bool, r *rand.Rand) {
	guess := 0
	if n := len(show.options); n > 0 {
		guess = r.IntN(n)
	}
	switch it.Kind {
	case Single, Multiple:
		for shown, written := range show.options {
			if knows && it.Options[written].Right || !knows && shown == guess {
				form.Add(name, strconv.Itoa(shown))
			}
		}
	case TrueFalse:
		answer := "0"
		if knows == it.Answer {
			answer = "1"
		}
		form.Set(name, answer)
	case Ordering:
		for shown, written := range show.options {
			if !knows {
				written = (written + 1) % len(show.options)
			}
			form.Set(name+"."+strconv.Itoa(shown), strconv.Itoa(written))
		}
	case Matching:
		for shown, written := range show.options {
			for right, at := range show.rights {
				if at == written {
					form.Set(name+"."+strconv.Itoa(shown), strconv.Itoa((right+map[bool]int{false: 1}[knows])%len(show.rights)))
				}
			}
		}
	case Numeric:
		if knows {
			form.Set(name, strings.Replace(strconv.FormatFloat(it.Value, 'f', -1, 64), ".", ",", 1))
		}
	case ShortText:
		if knows && len(it.Accept) > 0 {
			form.Set(name, it.Accept[0])
		}
	}
}
