package org

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/mail"
	"slices"
	"strings"
	"time"

	"lotrinh/platform/clock"
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

// The sexes that records know; "" is not told.
const (
	Male   = "male"
	Female = "female"
)

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
	Merged  *PersonID  `db:"merged_into"` // who stands for him; nil: he himself
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
	Why       string     `db:"why"` // the decision
	Edition   int64      `db:"edition"`
}

// held says whether the post is held on a day.
func (p Post) held(on clock.Date) bool { return on.Within(p.From, p.To) }

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

// Particulars is what is known of a person himself.
type Particulars struct {
	Name   string
	Birth  clock.Date
	Sex    string
	Email  string
	Phone  string
	Number string // personal identification number, 12 digits, or ""
}

func (n NewPerson) particulars() Particulars {
	return Particulars{n.Name, n.Birth, n.Sex, n.Email, n.Phone, n.Number}
}

// clean is the particulars as they are kept, or what is wrong with them.
func (p Particulars) clean(ctx context.Context) (Particulars, error) {
	var f errs.Form
	var okNumber bool
	p.Name, p.Email, p.Phone = text.Clean(p.Name), strings.ToLower(text.Clean(p.Email)), text.Clean(p.Phone)
	p.Number, okNumber = CleanNumber(p.Number)
	f.Need(len(strings.Fields(p.Name)) >= 2 && len(p.Name) <= 200, "name", "org.person.need-name")
	f.Need(validBirth(ctx, p.Birth), "birth", "org.person.bad-birth")
	f.Need(okNumber, "number", "org.person.bad-number")
	f.Need(validEmail(p.Email), "email", "org.person.bad-email")
	f.Need(validPhone(p.Phone), "phone", "org.person.bad-phone")
	f.Need(p.Sex == "" || p.Sex == Male || p.Sex == Female, "sex", "org.person.bad-sex")
	return p, f.Err()
}

func validBirth(ctx context.Context, d clock.Date) bool {
	return d == 0 || d > clock.NewDate(1900, 1, 1) && d < clock.Today(ctx)
}

func validEmail(s string) bool {
	if s == "" {
		return true
	}
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s && len(s) <= 254
}

// validPhone takes digits with spaces, dots, dashes, brackets and a plus before.
func validPhone(s string) bool {
	digits := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" .-()", r) {
			return -1
		}
		return r
	}, strings.TrimPrefix(s, "+"))
	return s == "" || len(digits) >= 8 && len(digits) <= 15 && strings.Trim(digits, "0123456789") == ""
}

// put writes clean particulars into a row.
func (p *Person) put(o *Org, q Particulars) {
	p.Name, p.NameKey, p.Folded = q.Name, text.NameKey(q.Name), text.Fold(q.Name)
	p.Birth, p.Sex, p.Email, p.Phone = q.Birth, q.Sex, q.Email, q.Phone
	p.putNumber(o, q.Number)
}

func (p *Person) putNumber(o *Org, number string) {
	p.Hash, p.Mask = nil, mask(number)
	if number != "" {
		hash := o.NumberHash(number)
		p.Hash = &hash
	}
}

// person makes the row of n, or says which of its fields are wrong.
func (o *Org) person(ctx context.Context, n NewPerson) (Person, error) {
	q, err := n.particulars().clean(ctx)
	if err != nil {
		return Person{}, err
	}
	p := Person{ID: PersonID(id.New(ctx)), MadeAt: clock.Now(ctx)}
	p.put(o, q)
	return p, nil
}

func (o *Org) checkPost(ctx context.Context, p Post) error {
	var f errs.Form
	_, known := o.now(ctx).at(p.Unit, p.From)
	f.Need(p.From != 0, "from", "org.post.need-from")
	f.Need(known || p.From == 0, "unit", "org.post.no-unit", p.From.Viet())
	f.Need(p.To == 0 || p.To > p.From, "to", "org.unit.need-span", p.From.Viet())
	f.Need(validCategory(p.Category), "category", "org.post.need-category")
	f.Need(len(p.Title) <= 300, "title", "org.post.long-title")
	return f.Err()
}

func validCategory(c Category) bool { return slices.Contains(Categories, c) }
