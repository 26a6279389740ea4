package org

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/mail"
	"strings"
	"time"

	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/id"
	"lotrinh/platform/module"
	"lotrinh/platform/text"
)

// What people may be allowed to do with people.
const (
	PersonRead module.ActionName = "org.person.read"
	PersonEdit module.ActionName = "org.person.edit"
)

// Category is what someone is to the state; every count keeps them apart.
type Category string

// The categories.
const (
	Cadre          Category = "cadre"            // cán bộ
	CivilServant   Category = "civil_servant"    // công chức
	PublicEmployee Category = "public_employee"  // viên chức
	Worker         Category = "worker"           // người lao động
	PartTimeWorker Category = "part_time_worker" // người hoạt động không chuyên trách
	TeamMember     Category = "team_member"      // thành viên tổ công nghệ số cộng đồng
	Citizen        Category = "citizen"
	Firm           Category = "firm"
)

// Categories lists them.
var Categories = []Category{Cadre, CivilServant, PublicEmployee, Worker, PartTimeWorker, TeamMember, Citizen, Firm}

// Person is somebody.
type Person struct {
	ID      PersonID   `db:"id"`
	Name    string     `db:"name"` // family name first
	NameKey string     `db:"name_key"`
	Folded  string     `db:"folded"`
	Birth   clock.Date `db:"birth_on"`
	Sex     string     `db:"sex"` // "male", "female" or "" not told
	Email   string     `db:"email"`
	Phone   string     `db:"phone"`
	Hash    *string    `db:"number_hash"`
	Mask    string     `db:"number_mask"` // «0490****1234»
	MadeAt  time.Time  `db:"made_at"`
	Edition int64      `db:"edition"`
}

// Post is what a person is in a unit, in a span of time [From, To).
type Post struct {
	ID        string     `db:"id"`
	Person    PersonID   `db:"person_id"`
	Unit      UnitID     `db:"unit_id"`
	Title     string     `db:"title"`
	Category  Category   `db:"category"`
	Head      bool       `db:"head"`
	PartyHead bool       `db:"party_head"`
	Main      bool       `db:"main"`
	From      clock.Date `db:"from_on"`
	To        clock.Date `db:"to_on"`
	Why       string     `db:"why"`
}

// NewPerson is someone to be entered, with his main post.
type NewPerson struct {
	Name   string
	Birth  clock.Date
	Sex    string
	Email  string
	Phone  string
	Number string // personal identification number, 12 digits, or ""
	Post   Post   // ID, Person and Main are set by AddPeople
}

// SetNumberKey sets the key by which personal numbers are hashed. The house keeps
// it beside its data, never in the database.
func (o *Org) SetNumberKey(key []byte) { o.numberKey = key }

// NumberHash is what a personal number is found by; "" for no number.
func (o *Org) NumberHash(number string) string {
	if number == "" {
		return ""
	}
	h := hmac.New(sha256.New, o.numberKey)
	h.Write([]byte(number))
	return hex.EncodeToString(h.Sum(nil))
}

func mask(number string) string {
	if number == "" {
		return ""
	}
	return number[:4] + "****" + number[8:]
}

// CleanNumber strips a personal number of spaces and dots; ok is false when what
// is left is not twelve digits with a known place of birth register (the first
// three, from 001) and century digit.
func CleanNumber(s string) (number string, ok bool) {
	number = strings.NewReplacer(" ", "", ".", "", "-", "").Replace(text.Clean(s))
	if number == "" {
		return "", true
	}
	if len(number) != 12 || strings.Trim(number, "0123456789") != "" {
		return number, false
	}
	return number, number[:3] > "000" && number[:3] < "097" && number[3] < '4'
}

// person makes the row of n, or says which of its fields are wrong.
func (o *Org) person(ctx context.Context, n NewPerson) (Person, error) {
	var f errs.Form
	name := text.Clean(n.Name)
	number, okNumber := CleanNumber(n.Number)
	email := strings.ToLower(text.Clean(n.Email))
	_, badMail := mail.ParseAddress(email)
	f.Need(len(strings.Fields(name)) >= 2 && len(name) <= 200, "name", "org.person.need-name")
	f.Need(n.Birth == 0 || n.Birth > clock.NewDate(1900, 1, 1) && n.Birth < clock.Today(ctx), "birth", "org.person.bad-birth")
	f.Need(okNumber, "number", "org.person.bad-number")
	f.Need(email == "" || badMail == nil, "email", "org.person.bad-email")
	f.Need(n.Sex == "" || n.Sex == "male" || n.Sex == "female", "sex", "org.person.bad-sex")
	if err := f.Err(); err != nil {
		return Person{}, err
	}
	p := Person{ID: PersonID(id.New(ctx)), Name: name, NameKey: text.NameKey(name), Folded: text.Fold(name), Birth: n.Birth,
		Sex: n.Sex, Email: email, Phone: text.Clean(n.Phone), Mask: mask(number), MadeAt: clock.Now(ctx)}
	if number != "" {
		hash := o.NumberHash(number)
		p.Hash = &hash
	}
	return p, nil
}

func (o *Org) post(ctx context.Context, p Post) error {
	var f errs.Form
	_, known := o.On(ctx, p.From).Unit(p.Unit)
	f.Need(p.From != 0, "from", "org.post.need-from")
	f.Need(known, "unit", "org.unit.none")
	f.Need(p.To == 0 || p.To > p.From, "to", "org.unit.need-span", p.From.Viet())
	f.Need(validCategory(p.Category), "category", "org.post.need-category")
	return f.Err()
}

func validCategory(c Category) bool {
	for _, x := range Categories {
		if x == c {
			return true
		}
	}
	return false
}

// AddPeople enters people with their main posts, all or none. A number that
// somebody has already is a Conflict.
func (o *Org) AddPeople(ctx context.Context, list ...NewPerson) ([]PersonID, error) {
	asked := map[UnitID]bool{}
	people, posts, ids := make([]Person, len(list)), make([]Post, len(list)), make([]PersonID, len(list))
	for i, n := range list {
		if !asked[n.Post.Unit] {
			if err := access.Check(ctx, PersonEdit, n.Post.Unit); err != nil {
				return nil, err
			}
			asked[n.Post.Unit] = true
		}
		p, err := o.person(ctx, n)
		if err != nil {
			return nil, err
		}
		if err := o.post(ctx, n.Post); err != nil {
			return nil, err
		}
		n.Post.ID, n.Post.Person, n.Post.Main, n.Post.Title = id.New(ctx), p.ID, true, text.Clean(n.Post.Title)
		people[i], posts[i], ids[i] = p, n.Post, p.ID
	}
	return ids, o.db.Tx(ctx, func(ctx context.Context) error {
		if err := db.Insert(ctx, o.db, "org_person", people...); err != nil {
			return err
		}
		if err := db.Insert(ctx, o.db, "org_post", posts...); err != nil {
			return err
		}
		for unit := range asked {
			if err := o.audit(ctx, Entry{Action: PersonEdit, Unit: unit, Subject: "people", Detail: map[string]int{"added": len(list)}}); err != nil {
				return err
			}
		}
		return nil
	})
}

// Person is someone with all his posts, the newest first. Whoever may read people
// in one of the units may read him; he may read himself. Asks through checkPerson.
func (o *Org) Person(ctx context.Context, p PersonID) (Person, []Post, error) {
	posts, err := o.posts(ctx, p)
	if err != nil {
		return Person{}, nil, err
	}
	if err := o.checkPerson(ctx, PersonRead, p, posts); err != nil {
		return Person{}, nil, err
	}
	x, err := db.One[Person](ctx, o.db, `select `+db.Columns[Person]("")+` from org_person where id = $1`, p)
	return x, posts, err
}

func (o *Org) posts(ctx context.Context, p PersonID) ([]Post, error) {
	return db.All[Post](ctx, o.db, `select `+db.Columns[Post]("")+` from org_post where person_id = $1
		order by from_on desc, main desc, id`, p)
}

// checkPerson asks for a person through the units of his posts of today.
func (o *Org) checkPerson(ctx context.Context, a module.ActionName, p PersonID, posts []Post) error {
	err := access.CheckSelf(ctx, p)
	if err == nil {
		return nil
	}
	today := clock.Today(ctx)
	for _, post := range posts {
		if !today.Within(post.From, post.To) && post.To != 0 {
			continue
		}
		if err = access.Check(ctx, a, post.Unit); err == nil {
			return nil
		}
	}
	return err
}

// Brief is what lists show of a person: no personal data but the name.
type Brief struct {
	ID       PersonID `db:"id"`
	Name     string   `db:"name"`
	NameKey  string   `db:"name_key"`
	Unit     UnitID   `db:"unit_id"` // of the main post today; "" none
	Category Category `db:"category"`
	Title    string   `db:"title"`
	Head     bool     `db:"head"`
}

// People are the names, units and categories of people as of today. Open to all
// modules, which ask for the right to the list that the names stand in.
func (o *Org) People(ctx context.Context, ids []PersonID) (map[PersonID]Brief, error) {
	all := map[PersonID]Brief{}
	for len(ids) > 0 {
		n := min(500, len(ids))
		w := db.NewWhere(clock.Today(ctx))
		rows, err := db.All[Brief](ctx, o.db, briefs+` where `+db.In(w, "p.id", ids[:n]).SQL(), w.Args()...)
		if err != nil {
			return nil, err
		}
		for _, b := range rows {
			all[b.ID] = b
		}
		ids = ids[n:]
	}
	return all, nil
}

const briefs = `select p.id, p.name, p.name_key, o.unit_id, o.category, o.title, o.head
	from org_person p left join org_post o on o.person_id = p.id and o.main and o.from_on <= $1 and (o.to_on is null or o.to_on > $1)`

// Filter narrows a list of people.
type Filter struct {
	Unit     UnitID   // the unit and all below it; "" = wherever the actor may read
	Text     string   // of the name, with or without marks
	Category Category // "" any
	Heads    bool     // heads of units alone
	Limit    int      // 50 when zero
	Offset   int
}

// Search lists people by name, who have a post today where the actor may read.
func (o *Org) Search(ctx context.Context, f Filter) ([]Brief, error) {
	w := db.NewWhere(clock.Today(ctx))
	access.Narrow(ctx, PersonRead, w, "o.unit_id")
	if f.Unit != "" {
		w.And(`o.unit_id in (select low.unit_id from org_reach low join org_reach top
			on low.path >= top.path and low.path < top.path_end where top.unit_id = ?)`, f.Unit)
	}
	w.If(f.Text != "", `p.folded like ? escape '\'`, db.Like(text.Fold(text.Clean(f.Text))))
	w.If(f.Category != "", "o.category = ?", f.Category)
	w.If(f.Heads, "(o.head or o.party_head)")
	limit := f.Limit
	if limit == 0 {
		limit = 50
	}
	return db.All[Brief](ctx, o.db, briefs+` where o.id is not null and `+w.SQL()+
		` order by p.name_key, p.id limit `+w.Arg(limit)+` offset `+w.Arg(f.Offset), w.Args()...)
}

// PostOn is the main post of a person on a date; errs.NotFound when he had none.
// Open to all modules: units and categories are stamped on the records they make.
func (o *Org) PostOn(ctx context.Context, p PersonID, on clock.Date) (UnitID, Category, error) {
	posts, err := o.PostsOn(ctx, []PersonID{p}, on)
	if err != nil {
		return "", "", err
	}
	post, ok := posts[p]
	if !ok {
		return "", "", errs.New(errs.NotFound, "org.post.none", on.Viet())
	}
	return post.Unit, post.Category, nil
}

// PostsOn is PostOn for many; who had no post is not in the map. Open to all, as
// PostOn is.
func (o *Org) PostsOn(ctx context.Context, people []PersonID, on clock.Date) (map[PersonID]Post, error) {
	all := map[PersonID]Post{}
	for len(people) > 0 {
		n := min(500, len(people))
		w := db.NewWhere(on)
		rows, err := db.All[Post](ctx, o.db, `select `+db.Columns[Post]("")+` from org_post
			where main and from_on <= $1 and (to_on is null or to_on > $1) and `+db.In(w, "person_id", people[:n]).SQL(), w.Args()...)
		if err != nil {
			return nil, err
		}
		for _, p := range rows {
			all[p.Person] = p
		}
		people = people[n:]
	}
	return all, nil
}
