package classroom

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"lotrinh/org"
	"lotrinh/platform/i18n"
	"lotrinh/platform/text"
)

// Rule says who may be nominated for a class. An empty list is "any".
type Rule struct {
	Categories []org.Category `json:"categories,omitempty"`
	Tiers      []org.Tier     `json:"tiers,omitempty"` // of the person's unit; a division counts as the unit above it
	Units      []org.UnitID   `json:"units,omitempty"` // these and all below
	Heads      bool           `json:"heads,omitempty"` // heads of units and of Party committees alone
	Posts      []string       `json:"posts,omitempty"` // words that the title of the post has one of
}

// Value stores the rule as JSON.
func (r Rule) Value() (driver.Value, error) {
	b, err := json.Marshal(r)
	return string(b), err
}

// Scan reads what was stored.
func (r *Rule) Scan(v any) error {
	switch v := v.(type) {
	case string:
		return json.Unmarshal([]byte(v), r)
	case []byte:
		return json.Unmarshal(v, r)
	}
	return fmt.Errorf("classroom: a rule from %T", v)
}

// Refuses says in words why the holder of a post may not be nominated; nothing
// when he may. t is the tree of units and covers says whether a unit lies in
// another, today or through those that took it over.
func (r Rule) Refuses(p org.Post, t *org.Tree, covers func(top, unit org.UnitID) bool) (why []i18n.Text) {
	if len(r.Categories) > 0 && !slices.Contains(r.Categories, p.Category) {
		why = append(why, i18n.T("classroom.rule.category", i18n.T("classroom.category."+string(p.Category))))
	}
	if len(r.Tiers) > 0 && !slices.Contains(r.Tiers, tierOf(t, p.Unit)) {
		why = append(why, i18n.T("classroom.rule.tier", i18n.T("classroom.tier."+string(tierOf(t, p.Unit)))))
	}
	if len(r.Units) > 0 && !slices.ContainsFunc(r.Units, func(top org.UnitID) bool { return t.Within(p.Unit, top) || covers(top, p.Unit) }) {
		why = append(why, i18n.T("classroom.rule.unit", t.Name(p.Unit)))
	}
	if r.Heads && !p.Head && !p.PartyHead {
		why = append(why, i18n.T("classroom.rule.head"))
	}
	if len(r.Posts) > 0 && !r.hasPost(p.Title) {
		why = append(why, i18n.T("classroom.rule.post", p.Title))
	}
	return why
}

func (r Rule) hasPost(title string) bool {
	folded := text.Fold(title)
	return slices.ContainsFunc(r.Posts, func(word string) bool { return strings.Contains(folded, text.Fold(word)) })
}

// tierOf is the tier of a unit, and of a division that of what it belongs to.
func tierOf(t *org.Tree, unit org.UnitID) org.Tier {
	u, ok := t.Unit(unit)
	for ok && u.Tier == org.Division {
		up, has := t.Unit(u.Parent)
		if !has {
			break
		}
		u = up
	}
	return u.Tier
}

// concerns says whether people of unit, or of units below it, may be meant.
func (r Rule) concerns(unit org.UnitID, covers func(top, unit org.UnitID) bool) bool {
	return len(r.Units) == 0 || slices.ContainsFunc(r.Units, func(top org.UnitID) bool { return covers(top, unit) || covers(unit, top) })
}

func (r *Rule) clean() {
	posts := r.Posts[:0]
	for _, p := range r.Posts {
		if p = text.Clean(p); p != "" {
			posts = append(posts, p)
		}
	}
	r.Posts = posts
}
