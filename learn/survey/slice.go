package survey

import (
	"cmp"
	"maps"
	"slices"

	"lotrinh/org"
)

// coarsen makes the groups of people who are asked large enough to hide in: a
// label that fewer than Least bear becomes "", the rest; and while the rest is
// itself too small, the smallest group joins it.
func coarsen(labels []string) []string {
	count := counted(labels)
	for l, n := range count {
		if l != "" && n < Least {
			count[""] += n
			delete(count, l)
		}
	}
	absorb(count)
	out := make([]string, len(labels))
	for i, l := range labels {
		if _, ok := count[l]; ok {
			out[i] = l
		}
	}
	return out
}

func counted(labels []string) map[string]int64 {
	count := map[string]int64{}
	for _, l := range labels {
		count[l]++
	}
	return count
}

// absorb lets the smallest groups join the rest ("") until the rest is nobody or
// at least Least.
func absorb(count map[string]int64) {
	for count[""] > 0 && count[""] < Least {
		l, ok := smallest(count)
		if !ok {
			return
		}
		count[""] += count[l]
		delete(count, l)
	}
	if count[""] == 0 {
		delete(count, "")
	}
}

func smallest(count map[string]int64) (string, bool) {
	var labels []string
	for l := range count {
		if l != "" {
			labels = append(labels, l)
		}
	}
	if len(labels) == 0 {
		return "", false
	}
	return slices.MinFunc(labels, func(a, b string) int {
		return cmp.Or(cmp.Compare(count[a], count[b]), cmp.Compare(a, b))
	}), true
}

// raise moves people of units with fewer than Least of them to the unit above,
// from the lowest units up; who arrives at no unit bears "".
func raise(units []org.UnitID, tree *org.Tree) []string {
	at := slices.Clone(units)
	for i, u := range at {
		if !tree.Has(u) {
			at[i] = ""
		}
	}
	for {
		count, low := map[org.UnitID]int{}, org.UnitID("")
		for _, u := range at {
			count[u]++
		}
		for _, u := range slices.Sorted(maps.Keys(count)) {
			if u != "" && count[u] < Least && (low == "" || tree.Depth(u) > tree.Depth(low)) {
				low = u
			}
		}
		if low == "" {
			break
		}
		up := org.UnitID("")
		if above := tree.Ancestors(low); len(above) > 0 {
			up = above[0]
		}
		for i, u := range at {
			if u == low {
				at[i] = up
			}
		}
	}
	labels := make([]string, len(at))
	for i, u := range at {
		labels[i] = string(u)
	}
	return coarsen(labels)
}

// reveal says which groups of answers may be told, with their sizes. Those that
// may not are told together as "", or, when that is fewer than Least even with
// all others, nothing is told. What is told is a partition, so that subtracting
// one figure from another never leaves fewer than Least answers.
func reveal(count map[string]int64) map[string]int64 {
	out := map[string]int64{}
	var all int64
	for l, n := range count {
		all += n
		if l != "" && n >= Least {
			out[l] = n
		} else {
			out[""] += n
		}
	}
	absorb(out)
	if all < Least {
		return nil
	}
	return out
}

// batches puts runs with fewer than Least answers together, in their order, until
// a batch has Least; the runs of the last batch stay out while it has not. A run
// never changes its batch when later ones follow, so that totals grow by Least
// answers or more at a time. It returns the indexes of the runs of each batch.
func batches(answers []int64) (full [][]int, left []int) {
	var n int64
	for i, a := range answers {
		if a >= Least || a == 0 {
			continue
		}
		left = append(left, i)
		if n += a; n >= Least {
			full, left, n = append(full, left), nil, 0
		}
	}
	return full, left
}
