/** A department of the simulated shop: its products, their price, and when people want them. */
export interface Department {
  readonly name: string;
  /** How many of the shop's products are in it, relative to the other departments. */
  readonly share: number;
  /** Aisles: one per kind of product. */
  readonly aisles: readonly string[];
  readonly brands: readonly string[];
  /** The usual price. */
  readonly price: number;
  /** The month (1 to 12) in which people want it most, and the lift in that month: 1 doubles the interest. */
  readonly season?: { readonly month: number; readonly lift: number };
  /** The hour of the day (UTC) at which people want it most, and the lift at that hour. */
  readonly hour?: { readonly at: number; readonly lift: number };
  /** The lift on Saturdays and Sundays. */
  readonly weekend?: number;
  /** Days until one unit is used up and bought again; omitted for products that are bought once. */
  readonly lasts?: number;
}

const words = (text: string) => text.split(", ");

export const departments: readonly Department[] = [
  {
    name: "coffee and tea",
    share: 0.8,
    aisles: words("Espresso Beans, Filter Coffee, Green Tea, Black Tea, Herbal Tea, Cocoa"),
    brands: words("Brewhaus, Kettle & Sons, Alto, Morning Hill, Sirocco"),
    price: 11,
    hour: { at: 8, lift: 1.2 },
    season: { month: 12, lift: 0.6 },
    lasts: 21,
  },
  {
    name: "groceries",
    share: 1,
    aisles: words("Olive Oil, Pasta, Honey, Chocolate, Granola, Spice Mix, Hot Sauce"),
    brands: words("Old Mill, Campo, Larder, Fennel & Rye, Sunday Table"),
    price: 7,
    hour: { at: 17, lift: 0.7 },
    lasts: 14,
  },
  {
    name: "pets",
    share: 0.8,
    aisles: words("Dog Food, Cat Food, Cat Litter, Dog Treats, Bird Seed, Aquarium Salt"),
    brands: words("Pawson, Whisker Lane, Good Boy, Tailwind, Nestling"),
    price: 18,
    lasts: 28,
  },
  {
    name: "beauty",
    share: 1,
    aisles: words("Face Cream, Shampoo, Hand Soap, Sunscreen, Lip Balm, Bath Oil"),
    brands: words("Maison Aube, Lumen, Saltwater, Petal, Kind Skin"),
    price: 16,
    hour: { at: 21, lift: 0.7 },
    weekend: 0.3,
    lasts: 42,
  },
  {
    name: "outdoor",
    share: 1,
    aisles: words("Tent, Rain Jacket, Hiking Boots, Backpack, Sleeping Bag, Camping Stove, Head Torch"),
    brands: words("Fjellvei, North Ridge, Tarn, Basecamp, Wayfarer"),
    price: 95,
    season: { month: 7, lift: 1.8 },
    weekend: 0.5,
  },
  {
    name: "garden",
    share: 0.8,
    aisles: words("Watering Can, Seed Box, Pruner, Raised Bed, Garden Chair, Planter"),
    brands: words("Greenfork, Bramble, Hollyhock, Spade & Co, Orchard Lane"),
    price: 35,
    season: { month: 5, lift: 2.2 },
    weekend: 0.8,
  },
  {
    name: "toys",
    share: 1,
    aisles: words("Puzzle, Building Blocks, Board Game, Plush Bear, Train Set, Kite"),
    brands: words("Tumble, Little Owl, Holz & Spiel, Bricklet, Hopscotch"),
    price: 24,
    season: { month: 12, lift: 2.5 },
    weekend: 0.4,
  },
  {
    name: "games",
    share: 0.9,
    aisles: words("Controller, Headset, Racing Game, Puzzle Game, Adventure Game, Gaming Chair"),
    brands: words("Pixelforge, Nightcap, Lag Zero, Arcadia, Orbit"),
    price: 52,
    hour: { at: 22, lift: 1.3 },
    season: { month: 11, lift: 0.9 },
    weekend: 0.4,
  },
  {
    name: "books",
    share: 1.4,
    aisles: words("Crime Novel, Cookbook, Travel Guide, Science Book, Poetry, Picture Book, Biography"),
    brands: words("Lantern Press, Harbour House, Quill, Dogear, Third Shelf"),
    price: 15,
    hour: { at: 21, lift: 0.6 },
    season: { month: 12, lift: 0.8 },
  },
  {
    name: "kitchen",
    share: 1,
    aisles: words("Frying Pan, Chef's Knife, Stock Pot, Teapot, Mixing Bowl, Bread Tin"),
    brands: words("Cast & Copper, Hearth, Ladle, Stahlwerk, Umami"),
    price: 42,
    season: { month: 11, lift: 0.6 },
  },
  {
    name: "sport",
    share: 1,
    aisles: words("Running Shoes, Yoga Mat, Dumbbells, Cycling Jersey, Swim Goggles, Football"),
    brands: words("Stride, Velo Club, Kinetic, Southpaw, Long Run"),
    price: 48,
    season: { month: 1, lift: 1.2 },
    hour: { at: 7, lift: 0.6 },
  },
  {
    name: "audio",
    share: 0.8,
    aisles: words("Headphones, Record Player, Bluetooth Speaker, Microphone, Soundbar, Earbuds"),
    brands: words("Hertz & Co, Monolith, Aria, Tonwerk, Quiet Room"),
    price: 120,
    season: { month: 11, lift: 1 },
    hour: { at: 20, lift: 0.4 },
  },
];

/** An aisle: one kind of product of one department, such as tents. */
export interface Aisle {
  readonly name: string;
  /** Index into {@link departments}. */
  readonly department: number;
}

/** All aisles of all departments. */
export const aisles: readonly Aisle[] = departments.flatMap(({ aisles }, department) => aisles.map((name) => ({ name, department })));

/** Styles that products of any aisle can have; the words in their titles and tags. */
export const styles: readonly string[] = words(
  "minimal, rugged, vintage, playful, organic, luxury, compact, handmade, classic, bold, nordic, budget",
);
