package access

import (
	"context"
	"embed"
	"sync/atomic"
	"time"

	"github.com/go-webauthn/webauthn/webauthn"

	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/event"
	"lotrinh/platform/i18n"
	"lotrinh/platform/job"
	"lotrinh/platform/mail"
	"lotrinh/platform/module"
	"lotrinh/platform/web"
)

//go:embed schema
var schema embed.FS

//go:embed messages
var messages embed.FS

var _ = i18n.Add(messages)

// Schema is the tables of accounts, sessions, grants and the audit log.
var Schema = db.Schema{Module: "access", FS: schema}

// The actions of the module.
const (
	ViewAccounts module.ActionName = "access.account.view"
	EditAccounts module.ActionName = "access.account.edit"
	ViewGrants   module.ActionName = "access.grant.view"
	EditGrants   module.ActionName = "access.grant.edit"
	ViewAudit    module.ActionName = "access.audit.view"
	EditKeys     module.ActionName = "access.key.edit"
	SignIn       module.ActionName = "access.session.begin" // in the log only
	SignOut      module.ActionName = "access.session.end"   // in the log only
	SignInFailed module.ActionName = "access.session.fail"  // in the log only
	TakeData     module.ActionName = "access.data.take"     // in the log only
	AskData      module.ActionName = "access.data.correct"  // in the log only
)

var actions = []module.Action{
	{Name: ViewAccounts, Roles: []module.Role{module.Admin, module.Office, module.TrainingOfficer, module.Head, module.Supervisor}},
	{Name: EditAccounts, Roles: []module.Role{module.Admin, module.Office, module.TrainingOfficer}},
	{Name: ViewGrants, Roles: []module.Role{module.Admin, module.Office, module.Head, module.TrainingOfficer, module.Supervisor}},
	{Name: EditGrants, Roles: []module.Role{module.Admin, module.Office, module.Head, module.TrainingOfficer}},
	{Name: ViewAudit, Roles: []module.Role{module.Admin, module.Supervisor}},
	{Name: EditKeys, Roles: []module.Role{module.Admin}},
	{Name: EditSecond, Roles: []module.Role{module.Admin}},
}

// Orgs is what access asks of the units of the house.
type Orgs interface {
	Covers(top, unit org.UnitID) bool
	OwnUnits(top org.UnitID) []org.UnitID
	Now(ctx context.Context) *org.Tree
	On(ctx context.Context, on clock.Date) *org.Tree
	Person(ctx context.Context, p org.PersonID) (org.Person, []org.Post, error)
	Main(id org.UnitID) org.UnitID
	NumberHash(number string) string
}

// Options is what the operator of a house decides.
type Options struct {
	Base     string        // https://host that people reach the house by
	Secure   bool          // the house is reached by TLS: cookies bear the prefix __Host-
	Demo     bool          // the sign-in page offers one account for each role
	Idle     time.Duration // a session unused so long ends; zero = 4 hours
	Longest  time.Duration // a session ends after it, whatever happens; zero = 7 days
	CodeLife time.Duration // a one-time code is good so long; zero = 30 days
	Mail     Mailer        // sends invitations; nil = none are sent
	Sign     []Provider    // of OpenID Connect
	Second   []module.Role // that want a second factor until an administrator says otherwise
	Key      []byte        // of what is enciphered; none = one is drawn and kept with the data
}

// Mailer sends letters.
type Mailer interface {
	Send(ctx context.Context, letters ...mail.Letter) error
	Sends() bool // letters reach an address, not the inbox alone
}

// Access knows who is there and what they may do.
type Access struct {
	db       *db.DB
	orgs     Orgs
	bus      *event.Bus
	jobs     *job.Queue
	opt      Options
	sessions *cache

	guesses   *guesses
	providers map[string]*provider
	webauthn  *webauthn.WebAuthn // nil where passkeys cannot be used
	exports   []export           // what modules tell about a person
	protected atomic.Bool        // the engine guards the log
}

// New returns the accounts, sessions, grants and log of a house in d. Actions of
// the module are known from then on.
func New(d *db.DB, orgs Orgs, bus *event.Bus, jobs *job.Queue) *Access {
	Register(actions...)
	a := &Access{db: d, orgs: orgs, bus: bus, jobs: jobs, sessions: newCache(), guesses: newGuesses()}
	a.Set(Options{})
	return a
}

// Set takes the operator's decisions, before the first request.
func (a *Access) Set(o Options) {
	set := func(d *time.Duration, usual time.Duration) {
		if *d == 0 {
			*d = usual
		}
	}
	set(&o.Idle, 4*time.Hour)
	set(&o.Longest, 7*24*time.Hour)
	set(&o.CodeLife, 30*24*time.Hour)
	a.opt = o
	a.webauthn = newWebAuthn(o.Base)
	a.providers = newProviders(o.Sign)
}

// Module is access as a module of the house.
func (a *Access) Module() module.Module {
	return module.Module{
		Name:    "access",
		Schema:  schema,
		Actions: actions,
		Routes: func(m *web.Mux) {
			a.routes(m)
			a.routesMe(m)
			a.routesUsers(m)
			a.routesGrants(m)
			a.routesLog(m)
		},
		Jobs: a.work,
		Home: []module.Card{{Order: 1, Body: a.withheldCard}},
		Menu: []module.Link{
			{Text: i18n.T("access.menu.users"), Path: "/access/users", Icon: "people", Needs: ViewAccounts, Order: 810},
			{Text: i18n.T("access.menu.roles"), Path: "/access/roles", Icon: "shield", Needs: ViewGrants, Order: 820},
			{Text: i18n.T("access.menu.audit"), Path: "/access/audit", Icon: "task", Needs: ViewAudit, Order: 830},
			{Text: i18n.T("access.menu.keys"), Path: "/access/keys", Icon: "link", Needs: EditKeys, Order: 840},
		},
	}
}

// mails says whether invitations can be sent.
func (a *Access) mails() bool { return a.opt.Mail != nil && a.opt.Mail.Sends() }

func (a *Access) work(q *job.Queue) {
	q.Schedule(job.Schedule{Name: "access.seal", Every: time.Second, Run: func(ctx context.Context) error { _, err := a.Seal(ctx); return err }})
	q.Schedule(job.Schedule{Name: "access.sweep", Every: 10 * time.Minute, Run: a.Sweep})
}

// Sweep forgets sessions, steps and notes of change that are over, and puts the
// accounts of people who moved on the list of their new unit. It is the clock's
// work, and reaches nothing that is still in force. Open to all.
func (a *Access) Sweep(ctx context.Context) error {
	if err := a.sweepSessions(ctx); err != nil {
		return err
	}
	return a.followPosts(System(ctx))
}
