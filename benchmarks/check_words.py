"""Words that the made-up pairs of `check_pairs.py` exchange: alike (true side), opposite or of one kind (false side)."""

# One group a line; any word says what the others say.
ALIKE = """
kill murder slay
murder killing
die perish
buy purchase
begin start
end finish conclude
help aid assist
love adore
hate detest loathe
find discover
meet encounter
marry wed
hide conceal
steal rob
leave depart
return come back
try attempt
want wish
flee escape run away
fight battle
save rescue
attack assault
chase pursue
search look
decide choose
believe think
speak talk
tell inform
show reveal
teach instruct train
build construct
destroy wreck ruin
hire employ
fire dismiss sack
arrest catch
capture seize
own possess
live reside
travel journey
visit call on
investigate look into
plan plot
fear dread
hope wish
threaten menace
warn alert
lie deceive
trick fool deceive
betray double-cross
haunt plague
kidnap abduct
blackmail extort
imprison jail lock up
free release liberate
repair fix mend
shoot gun down
drown die in water
inherit come into
divorce split from
mother mom mum
father dad
parent mother or father
husband spouse
wife spouse
child kid
children kids
son boy
daughter girl
brother sibling
sister sibling
grandmother grandma granny
grandfather grandpa
friend pal buddy
girlfriend lover
boyfriend lover
couple pair
boss superior
worker employee
doctor physician
nurse carer
policeman cop
police cops
detective investigator
lawyer attorney
soldier fighter
teacher schoolteacher
writer author
singer vocalist
actor performer
actress performer
filmmaker director
musician player
farmer grower
thief robber
killer murderer
criminal crook
gangster mobster
stranger unknown person
man guy
woman lady
boy lad
girl lass
teenager teen adolescent
baby infant
house home
apartment flat
town city
village hamlet
forest woods
sea ocean
mountain peak
island isle
school college
prison jail
hospital clinic
church chapel
car automobile vehicle
boat ship vessel
plane aircraft
money cash
job work
company firm business
secret mystery
crime offence
murder homicide
death demise
war conflict
illness disease sickness
accident mishap
wedding marriage
party celebration
journey trip
holiday vacation
gift present
letter note
book volume
film movie
song tune
ghost spirit
monster creature beast
dog hound
young youthful
old aged elderly
rich wealthy
poor penniless
big large
small little
famous well-known
lonely solitary
angry furious
happy glad
sad unhappy
afraid scared
strange odd weird
mysterious puzzling
dangerous risky
beautiful pretty
brave courageous
sick ill
dead deceased
quickly fast
suddenly all at once
together jointly
alone by oneself
secretly in secret
""".strip().splitlines()

# The first says the contrary of the second.
OPPOSITE = """
love hate
like dislike
win lose
live die
survive die
find lose
remember forget
arrive leave
accept refuse
agree refuse
help hinder
save destroy
buy sell
give take
begin end
start stop
succeed fail
trust distrust
open close
join leave
free imprison
hide show
believe doubt
protect endanger
support oppose
marry divorce
follow avoid
attack defend
build destroy
lend borrow
teach learn
old young
rich poor
happy unhappy
big small
good bad
first last
alive dead
strong weak
famous unknown
innocent guilty
new old
successful unsuccessful
safe dangerous
lonely popular
beautiful ugly
healthy sick
married single
willing unwilling
older younger
best worst
early late
always never
everybody nobody
all none
many few
with without
before after
inside outside
former future
successfully vainly
together apart
more less
""".strip().splitlines()

# Of one kind: exchanged, they make another claim.
KINDS = """
mother father sister brother daughter son aunt uncle cousin wife husband girlfriend boyfriend grandmother grandfather stepmother stepfather niece nephew friend neighbour
teacher doctor nurse lawyer detective soldier writer singer actor farmer priest journalist scientist engineer pilot chef student waitress driver photographer musician
monday tuesday wednesday thursday friday saturday sunday
january february march april may june july august september october november december
spring summer autumn winter
morning afternoon evening night
day week month year decade
red blue green yellow black white
north south east west
london paris berlin rome madrid tokyo chicago boston moscow mumbai vienna dublin sydney toronto
france germany italy spain england ireland japan china korea india mexico brazil russia canada
car train boat plane bus motorcycle bicycle truck
dog cat horse bird rabbit wolf bear snake
knife gun poison rope axe
house school hospital church prison hotel farm castle cabin factory
forest desert island mountain village city sea river
book film song play painting letter diary
money gold jewels diamonds drugs
two three four five six seven eight nine ten
""".strip().splitlines()

INVENTED_NAMES = (
    "Oskar Helena Bruno Milla Viktor Ingrid Otto Selma Rafael Nadia Boris Camille Desmond Flora Hugo Iris".split()
)
