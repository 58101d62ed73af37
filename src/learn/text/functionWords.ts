/**
 * English words that name no subject: articles, pronouns, prepositions, auxiliaries, courtesies, marks of mail and clock. They are left
 * out of keywords only; an embedder weighs words by how rare they are instead.
 */
const words = `
a about above after again against all already also although always am an and any anyone anything are as at be because been before being
below between both but by can can't cannot could couldn't currently did didn't do does doesn't doing don't done down during
each either else etc even ever every everything few for from further get gets getting give given go goes going got
had hadn't has hasn't have haven't having he hello hence her here hers herself hi him himself his how however i
i'd i'll i'm i've if in instead into is isn't it it's its itself just kind kindly let let's like may maybe me might
mine more most much must my myself need needs neither never no nor not now of off on once one only onto or other our
ours ourselves out over own per perhaps please quite rather really regards same see seem seems shall she should
shouldn't since so some someone something soon still such than thank thanks that that's the their theirs them
themselves then there there's these they they're this those though through today tomorrow yesterday thus to too under until up upon us
very via want wants was wasn't we we'd we'll we're we've well were weren't what what's whatever when whenever where
wherever whether which while who whoever whole whom whose why will with within without won't would wouldn't yes yet
you you'd you'll you're you've your yours yourself yourselves dear best
am pm re fw fwd
monday tuesday wednesday thursday friday saturday sunday
`;

export const functionWords: ReadonlySet<string> = new Set(words.trim().split(/\s+/));
