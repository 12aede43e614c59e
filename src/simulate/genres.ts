/** A genre: what its films are like, when people want them, and the words in their titles. */
export interface Genre {
  readonly name: string;
  /** How common its films are, relative to the other genres. */
  readonly share: number;
  /** Typical pace (slow -1 … fast 1), darkness (light -1 … dark 1) and spectacle (small -1 … big 1). */
  readonly mood: readonly [pace: number, darkness: number, spectacle: number];
  /** The month (1 to 12) in which people want it most, and the lift in that month: 1 doubles the interest. */
  readonly season?: { readonly month: number; readonly lift: number };
  readonly adjectives: readonly string[];
  readonly nouns: readonly string[];
  /** Settings, as written after "of" or "from". */
  readonly places: readonly string[];
}

const words = (text: string) => text.split(", ");

/** The genres of the simulated cinema, in the order of the genre coordinates of films and tastes. */
export const genres: readonly Genre[] = [
  {
    name: "science fiction",
    share: 1.1,
    mood: [0, 0.2, 0.7],
    adjectives: words("Silent, Distant, Hollow, Quantum, Frozen, Borrowed, Synthetic, Drifting, Second, Infinite"),
    nouns: words("Orbit, Signal, Colony, Eclipse, Machine, Horizon, Satellite, Archive, Vessel, Gravity"),
    places: words("Europa, Station Nine, the Outer Ring, Kepler Bay, Tomorrow, the Red Dome"),
  },
  {
    name: "horror",
    share: 0.9,
    mood: [0.1, 1, -0.1],
    season: { month: 10, lift: 2 },
    adjectives: words("Pale, Whispering, Sleepless, Rotten, Buried, Crooked, Hungry, Nameless, Locked, Cold"),
    nouns: words("Cellar, Lullaby, Doll, Attic, Visitor, Well, Mirror, Chapel, Hollow, Tooth"),
    places: words("Gallow Lane, Ashwick, the Marsh House, Room 13, Black Pond, Saint Orla's"),
  },
  {
    name: "romance",
    share: 1,
    mood: [-0.3, -0.5, -0.3],
    season: { month: 2, lift: 1.5 },
    adjectives: words("Gentle, Unsent, Last, Summer, Careless, Tender, Late, Golden, Impossible, Quiet"),
    nouns: words("Letter, Kiss, Waltz, Promise, Stranger, Wedding, Postcard, Harbour, Bouquet, Heart"),
    places: words("Lisbon, Rue Florale, the Lake Hotel, Trieste, Platform Four, Capri"),
  },
  {
    name: "comedy",
    share: 1.3,
    mood: [0.5, -0.8, -0.3],
    adjectives: words("Accidental, Terrible, Borrowed, Reluctant, Lucky, Awkward, Perfect, Secondhand, Unlikely, Noisy"),
    nouns: words("Neighbours, Butler, Honeymoon, In-Laws, Landlord, Wigmaker, Reunion, Roommate, Alibi, Caterer"),
    places: words("Dullsworth, Apartment 4B, the Wrong Floor, Puddleton, Accounting, Lower Fenwick"),
  },
  {
    name: "crime",
    share: 1,
    mood: [-0.1, 0.7, -0.2],
    adjectives: words("Dirty, Midnight, Paper, Broken, Blind, Crooked, Silver, Unmarked, Loyal, Final"),
    nouns: words("Alibi, Ledger, Informant, Heist, Witness, Verdict, Briefcase, Detective, Gambit, Confession"),
    places: words("Pier 19, Vine Street, the Ninth Precinct, Marseille, the Back Room, Halden"),
  },
  {
    name: "thriller",
    share: 1,
    mood: [0.6, 0.6, 0.1],
    adjectives: words("Vanishing, Double, Hidden, Fatal, Narrow, Wrong, Burning, Stolen, Silent, Fourth"),
    nouns: words("Passenger, Cipher, Exit, Deadline, Hostage, Frequency, Envoy, Countdown, Traitor, Witness"),
    places: words("Gate 12, Zurich, the Night Train, Cold Harbour, Floor 40, the Embassy"),
  },
  {
    name: "animation",
    share: 0.9,
    mood: [0.4, -1, 0.3],
    season: { month: 12, lift: 1.5 },
    adjectives: words("Little, Flying, Brave, Curious, Upside-Down, Tiny, Purple, Runaway, Clever, Sleepy"),
    nouns: words("Dragon, Teapot, Hedgehog, Lighthouse, Robot, Penguin, Balloon, Pirate, Umbrella, Moon"),
    places: words("Pepperville, Button Island, the Cloud Farm, Marmalade Hill, Snail Street, Tumbletown"),
  },
  {
    name: "adventure",
    share: 0.9,
    mood: [0.6, -0.2, 0.8],
    season: { month: 7, lift: 1 },
    adjectives: words("Lost, Emerald, Forgotten, Sunken, Last, Wild, Golden, Stormy, Uncharted, Seventh"),
    nouns: words("Expedition, Compass, Temple, Caravan, Map, River, Voyage, Treasure, Summit, Idol"),
    places: words("Zanzibar, the Jade Coast, Mount Karu, the Lower Amazon, Port Mirage, the Skeleton Reef"),
  },
  {
    name: "documentary",
    share: 0.8,
    mood: [-0.6, 0, -0.4],
    adjectives: words("Real, Living, Untold, Ordinary, Vanishing, Deep, Common, Unseen, Human, Slow"),
    nouns: words("Bees, Glacier, Kitchen, Orchestra, Strike, Harvest, Ocean, Marathon, Typeface, Forest"),
    places: words("Iceland, the Night Shift, Ward 7, the Atacama, a Small Town, Lake Victoria"),
  },
  {
    name: "war and history",
    share: 0.8,
    mood: [-0.1, 0.6, 0.7],
    adjectives: words("Iron, Fallen, Burning, Last, Crimson, Forgotten, Winter, Royal, Broken, Long"),
    nouns: words("Regiment, Siege, Crown, Bridge, Armistice, Letters, Cavalry, Frontier, Treaty, Standard"),
    places: words("Verdane, the Eastern Front, Agravaine, the Somber River, Castle Dun, Palermo"),
  },
  {
    name: "western",
    share: 0.6,
    mood: [-0.2, 0.2, 0.3],
    adjectives: words("Dusty, Lonesome, Painted, Dry, Six-Gun, Bitter, Wandering, Rusty, High, Red"),
    nouns: words("Canyon, Stagecoach, Marshal, Saddle, Gulch, Outlaw, Coyote, Railroad, Homestead, Reckoning"),
    places: words("Dry Creek, Abilene Flats, Santa Rosalia, Copper Ridge, Tombstone Mesa, Fort Bell"),
  },
  {
    name: "drama",
    share: 1.6,
    mood: [-0.7, 0.3, -0.6],
    season: { month: 1, lift: 0.7 },
    adjectives: words("Empty, Ordinary, Small, Broken, Unspoken, Long, Distant, Faithful, Borrowed, Grey"),
    nouns: words("Daughter, Orchard, Kitchen, Winter, Inheritance, Silence, Tenant, Photograph, Pianist, Season"),
    places: words("Ostend, the Third Floor, Mill Road, the North, Hotel Meridian, November"),
  },
  {
    name: "action",
    share: 1.1,
    mood: [1, 0.2, 0.9],
    season: { month: 7, lift: 1 },
    adjectives: words("Maximum, Burning, Steel, Rogue, Full, Lethal, Final, Double, Broken, Hard"),
    nouns: words("Impact, Protocol, Velocity, Vengeance, Bullet, Pursuit, Thunder, Convoy, Override, Strike"),
    places: words("Sector 5, Macau, the Dead Zone, Highway 61, Fort Omega, the Capital"),
  },
  {
    name: "fantasy",
    share: 0.8,
    mood: [0, 0, 0.9],
    season: { month: 12, lift: 0.8 },
    adjectives: words("Enchanted, Thirteenth, Shattered, Hidden, Ancient, Silver, Forsaken, Whispering, Broken, Eternal"),
    nouns: words("Throne, Rune, Griffin, Oath, Sorceress, Blade, Crown, Prophecy, Tower, Familiar"),
    places: words("Eldermoor, the Glass Mountains, Vael, the Hollow Wood, Thornhaven, the Seven Gates"),
  },
  {
    name: "musical",
    share: 0.5,
    mood: [0.4, -0.6, 0.4],
    season: { month: 12, lift: 0.7 },
    adjectives: words("Dancing, Singing, Midnight, Dazzling, Blue, Tap-Dance, Velvet, Starlit, Electric, Broadway"),
    nouns: words("Serenade, Chorus, Rhythm, Cabaret, Trumpet, Encore, Ballroom, Jukebox, Melody, Spotlight"),
    places: words("Harlem Square, the Blue Room, Montparnasse, Rosewood Hall, Swing Street, the Pier"),
  },
];
