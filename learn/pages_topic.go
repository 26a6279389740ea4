package learn

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"lotrinh/access"
	"lotrinh/learn/page"
	"lotrinh/learn/quiz"
	"lotrinh/org"
	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
	"lotrinh/platform/ui"
	"lotrinh/platform/web"
)

// topicRoutes names the pages of topics and their learning outcomes.
func (p pages) topicRoutes(m *web.Mux) {
	m.Handle("GET /learn/topics", p.topicList)
	m.Handle("GET /learn/topics/new", p.newTopic)
	m.Handle("POST /learn/topics", p.createTopic)
	m.Handle("GET /learn/topics/{id}", p.topic)
	m.Handle("GET /learn/topics/{id}/edit", p.editTopic)
	m.Handle("POST /learn/topics/{id}/edit", p.saveTopic)
	m.Handle("POST /learn/topics/{id}/retire", p.retireTopic)
}

func topicPath(t TopicID) string { return "/learn/topics/" + string(t) }

func topicID(r *http.Request) TopicID { return TopicID(r.PathValue("id")) }

func (p pages) topicList(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	all, err := p.l.Topics(ctx)
	if err != nil {
		return err
	}
	page := ui.Page{Title: i18n.T("learn.topics"), Lead: i18n.T("learn.topics.lead"), Body: topicsPage(p.l.orgs.Now(ctx), all)}
	if access.Anywhere(ctx, EditCourse) {
		page.Crumbs = []ui.Crumb{coursesCrumb}
		page.Actions = []ui.Act{{Text: i18n.T("learn.topic.new"), Href: "/learn/topics/new", Kind: ui.Primary, Icon: "plus"}}
	}
	return ui.Show(w, r, http.StatusOK, page)
}

var (
	coursesCrumb = ui.Crumb{Text: i18n.T("learn.menu.courses"), Href: "/learn/courses"}
	topicsCrumb  = ui.Crumb{Text: i18n.T("learn.topics"), Href: "/learn/topics"}
)

func (p pages) topic(w http.ResponseWriter, r *http.Request) error {
	v, err := p.l.TopicSeen(r.Context(), topicID(r))
	if err != nil {
		return err
	}
	page := ui.Page{Title: ui.Plain(v.Topic.Title), Body: topicPage(v), Crumbs: []ui.Crumb{topicsCrumb}}
	if v.Editor {
		page.Actions = append(page.Actions, ui.Act{Text: i18n.T("learn.topic.edit"), Href: topicPath(v.Topic.ID) + "/edit", Icon: "edit"})
	}
	if v.Bank {
		page.Actions = append(page.Actions, ui.Act{Text: i18n.T("learn.menu.bank"), Href: "/learn/bank?topic=" + string(v.Topic.ID), Icon: "question"})
	}
	return ui.Show(w, r, http.StatusOK, page)
}

// topicForm is what the form of a topic shows.
type topicForm struct {
	To      string
	ID      TopicID // "" for a new one
	Edition int
	Retired bool
	In      NewTopic
	Units   []ui.Option
	Refused *errs.Error
}

// blankGoals is how many empty lines the form of a topic offers.
const blankGoals = 3

// lines are the outcomes that the form shows: those written, and some empty ones.
func (f topicForm) lines() []NewGoal {
	return append(append([]NewGoal{}, f.In.Goals...), make([]NewGoal, blankGoals)...)
}

func (p pages) newTopic(w http.ResponseWriter, r *http.Request) error {
	return p.showTopicForm(w, r, http.StatusOK, topicForm{})
}

func (p pages) showTopicForm(w http.ResponseWriter, r *http.Request, status int, f topicForm) error {
	ctx := r.Context()
	if !access.Anywhere(ctx, EditCourse) {
		return access.Check(ctx, EditCourse, "")
	}
	f.Units = p.units(ctx, access.In(ctx, EditCourse))
	page := ui.Page{Title: i18n.T("learn.topic.new"), Narrow: true, Crumbs: []ui.Crumb{topicsCrumb}}
	f.To = "/learn/topics"
	if f.ID != "" {
		f.To = topicPath(f.ID) + "/edit"
		page.Title = i18n.T("learn.topic.edit")
		page.Crumbs = append(page.Crumbs, ui.Crumb{Text: ui.Plain(f.In.Title), Href: topicPath(f.ID)})
	}
	page.Body = topicFormPage(f)
	return ui.Show(w, r, status, page)
}

func readTopic(f url.Values) NewTopic {
	n := NewTopic{Unit: org.UnitID(f.Get("unit")), Title: f.Get("title"), TitleEn: f.Get("title_en"), Summary: f.Get("summary"), Minutes: page.Number(f, "minutes")}
	ids := f["goal_id"]
	for i, words := range f["goal"] {
		g := NewGoal{Text: words}
		if i < len(ids) {
			g.ID = ids[i]
		}
		if words != "" {
			n.Goals = append(n.Goals, g)
		}
	}
	return n
}

func (p pages) createTopic(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formMax); err != nil {
		return err
	}
	in := readTopic(r.PostForm)
	tid, err := p.l.AddTopic(r.Context(), in)
	if e := errs.Of(err); err != nil && e.Kind == errs.Invalid {
		return p.showTopicForm(w, r, e.Kind.Status(), topicForm{In: in, Refused: e})
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, topicPath(tid))
}

func (p pages) topicEdited(r *http.Request) (topicForm, error) {
	t, goals, err := p.l.TopicOf(r.Context(), topicID(r))
	if err != nil {
		return topicForm{}, err
	}
	if err := access.Check(r.Context(), EditCourse, t.Unit); err != nil {
		return topicForm{}, err
	}
	f := topicForm{ID: t.ID, Edition: t.Edition, Retired: t.Retired, In: NewTopic{Unit: t.Unit, Title: t.Title, TitleEn: t.TitleEn, Summary: t.Summary, Minutes: t.Minutes}}
	for _, g := range goals {
		f.In.Goals = append(f.In.Goals, NewGoal{ID: g.ID, Text: g.Text})
	}
	return f, nil
}

func (p pages) editTopic(w http.ResponseWriter, r *http.Request) error {
	f, err := p.topicEdited(r)
	if err != nil {
		return err
	}
	return p.showTopicForm(w, r, http.StatusOK, f)
}

func (p pages) saveTopic(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formMax); err != nil {
		return err
	}
	in := readTopic(r.PostForm)
	err := p.l.EditTopic(r.Context(), topicID(r), page.Number(r.PostForm, "edition"), in)
	if e := errs.Of(err); err != nil && (e.Kind == errs.Invalid || e.Kind == errs.Conflict) {
		f, err := p.topicEdited(r)
		if err != nil {
			return err
		}
		f.In, f.Refused = in, e
		return p.showTopicForm(w, r, e.Kind.Status(), f)
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, ui.Good, i18n.T("learn.saved"))
	return web.SeeOther(w, r, topicPath(topicID(r)))
}

func (p pages) retireTopic(w http.ResponseWriter, r *http.Request) error {
	if err := web.Form(w, r, formMax); err != nil {
		return err
	}
	if err := p.l.RetireTopic(r.Context(), topicID(r), r.PostForm.Get("retired") != ""); err != nil {
		return err
	}
	ui.Flash(w, r, ui.Good, i18n.T("learn.saved"))
	return web.SeeOther(w, r, topicPath(topicID(r)))
}

// goalChoices are the outcomes of a topic, or of all with their topics, to choose
// from.
func (p pages) goalChoices(ctx context.Context, topic TopicID) ([]ui.Option, error) {
	all, err := p.l.Goals(ctx)
	var out []ui.Option
	for _, g := range all {
		if topic == "" || g.Topic == topic {
			out = append(out, ui.Option{Value: g.Tag(), Text: ui.Plain(strconv.Itoa(g.No) + ". " + g.Text), Group: ui.Plain(g.Title)})
		}
	}
	return out, err
}

// GoalChoices implements quiz.Names.
func (p pages) GoalChoices(ctx context.Context) ([]ui.Option, error) { return p.goalChoices(ctx, "") }

func goalRows(ctx context.Context, v TopicView) [][]ui.Cell {
	var out [][]ui.Cell
	for _, g := range v.Goals {
		row := []ui.Cell{{Text: strconv.Itoa(g.No)}, {Text: g.Text}}
		for _, level := range quiz.Levels {
			href := "/learn/bank?" + url.Values{"topic": {string(v.Topic.ID)}, "outcome": {g.Tag()}, "level": {string(level)}}.Encode()
			row = append(row, ui.Cell{Text: i18n.Number(ctx, g.Questions[level]), Href: href})
		}
		out = append(out, row)
	}
	return out
}

func goalHead() ui.Sheet {
	s := ui.Sheet{Caption: i18n.T("learn.goals.questions"), Bare: true, Columns: []ui.Column{{Text: i18n.T("learn.no"), Num: true}, {Text: i18n.T("learn.goal")}}}
	for _, level := range quiz.Levels {
		s.Columns = append(s.Columns, ui.Column{Text: i18n.T("learn_quiz.level." + string(level)), Num: true})
	}
	return s
}
