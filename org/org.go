// Package org is the ground all modules stand on: the units of the state as they
// were on any date, the people with their posts, the community teams, and the
// working calendar.
package org

// UnitID names a unit for good; its code, name, kind and parent are dated.
type UnitID string

// PersonID names a person.
type PersonID string
