// The studentised range, for all pairwise comparisons of several groups at
// once.
#pragma once

namespace plumbline {

// P(range of `groups` independent standard normals <= q); groups >= 2.
double StudentizedRangeCdf(double q, int groups);

// q with StudentizedRangeCdf(q, groups) = level: |d_ab| <= q / sqrt(2) se_ab
// holds for all pairs at once with this probability, exactly for equal and
// conservatively for unequal standard errors (Tukey-Kramer; Hayter 1984, Ann.
// Stat. 12:61-75). Infinite degrees of freedom.
double StudentizedRangeQuantile(double level, int groups);

}  // namespace plumbline
