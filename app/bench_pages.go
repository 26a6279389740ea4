package app

import (
	"context"
	"errors"
	"fmt"
	"io"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/module"
)

const (
	pageLearners = 500
	pageLessons  = 50
	pageWorkers  = 8
)

// BenchPages measures what a request of a signed-in page costs the server: the
// learner's home, a course of 50 lessons, a lesson, the results of the province.
func (h *House) BenchPages(ctx context.Context, n int, load Loader, out io.Writer) error {
	b, ctx, err := h.measuring(ctx, out)
	if err != nil {
		return err
	}
	people, err := b.crowd(ctx, pageLearners)
	if err != nil {
		return err
	}
	c, err := b.course(ctx, "Đo tốc độ", "", pageLessons)
	if err != nil {
		return err
	}
	if _, err := b.learning.EnrolMany(ctx, c, people, "import"); err != nil {
		return err
	}
	cookies, err := b.benchSessions(ctx, people)
	if err != nil {
		return err
	}
	reader, err := b.benchReader(ctx, people[0])
	if err != nil {
		return err
	}
	addr, stop, err := b.open()
	if err != nil {
		return err
	}
	pages := []struct {
		name, path string
		cookies    []string
	}{
		{"home", "/", cookies}, {"course", "/learn/courses/" + string(c), cookies}, {"results", "/results?unit=" + string(b.province), []string{reader}},
	}
	for _, p := range pages {
		plan := loadPlan{Addr: addr, N: n, Workers: pageWorkers}
		for _, cookie := range p.cookies {
			plan.Asks = append(plan.Asks, ask{p.path, cookie})
		}
		if err := b.page(ctx, p.name, plan, load); err != nil {
			return errors.Join(err, stop())
		}
	}
	b.foot(ctx)
	return stop()
}

func (b *bench) page(ctx context.Context, name string, plan loadPlan, load Loader) error {
	warm := plan
	warm.N = max(len(plan.Asks), plan.N/10)
	if _, err := load.run(ctx, warm); err != nil {
		return err
	}
	var rep loadReport
	_, cpu, err := took(func() (err error) { rep, err = load.run(ctx, plan); return err })
	if err != nil {
		return err
	}
	if rep.Errors > 0 {
		return fmt.Errorf("%s: %d of %d answers were errors, the first: %s", name, rep.Errors, plan.N, rep.First)
	}
	b.tell(name, "%.3f ms CPU a request, %.0f/s with %d at once, p50 %.1f ms, p99 %.1f ms, %d bytes compressed; %d requests",
		ms(cpu)/float64(plan.N), float64(plan.N)/rep.Took.Seconds(), plan.Workers, ms(rep.P50), ms(rep.P99), rep.Bytes, plan.N)
	return nil
}

// benchReader opens a session for somebody who may read the results of the province.
func (b *bench) benchReader(ctx context.Context, p org.PersonID) (string, error) {
	names, err := b.Orgs.People(ctx, []org.PersonID{p})
	if err != nil {
		return "", err
	}
	acc, err := b.Access.OpenAccount(ctx, access.NewAccount{Name: benchName(ctx, "reader"), Title: names[p].Name, Unit: b.province})
	if err != nil {
		return "", err
	}
	if _, err := b.Access.Give(ctx, acc, access.Grant{Role: module.Supervisor, Unit: b.province}, "bench"); err != nil {
		return "", err
	}
	cookies, err := b.openSessions(ctx, acc)
	if err != nil {
		return "", err
	}
	return cookies[0], nil
}
