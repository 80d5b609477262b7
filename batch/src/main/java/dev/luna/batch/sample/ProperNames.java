package dev.luna.batch.sample;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Names for people and venues. Handles and venue names are given out once. */
final class ProperNames {

    private static final List<String> FIRST = words("""
            Ada, Adele, Ahmed, Aiko, Alba, Amara, Anders, Anika, Anton, Arjun, Astrid, Bea, Bruno, Camila,
            Carlo, Chiara, Clara, Dalia, Daniel, Diego, Elena, Elias, Emil, Emma, Enzo, Esther, Fatima, Felix,
            Finn, Flora, Gaia, Greta, Hana, Hugo, Ida, Ilse, Ines, Iris, Ivan, Jana, Jasper, Joana, Jonas,
            Kaito, Karim, Katya, Lars, Layla, Lena, Leo, Lina, Luca, Lucia, Maja, Malik, Marco, Marta, Mateo,
            Mila, Mina, Nadia, Nico, Nils, Nora, Noah, Olga, Omar, Oscar, Paula, Pia, Priya, Rafael, Rita, Rosa,
            Ruben, Sami, Sara, Selma, Simon, Sofia, Stella, Tariq, Tessa, Theo, Tilda, Tomas, Uma, Vera, Viktor,
            Wanda, Yara, Yusuf, Zara, Zoe""");

    private static final List<String> LAST = words("""
            Abbott, Adeyemi, Almeida, Andersen, Aoki, Baker, Barros, Bauer, Becker, Bell, Bianchi, Bosch,
            Brandt, Brooks, Bruni, Castro, Chen, Conti, Costa, Dahl, Diaz, Dubois, Eriksen, Esposito, Farah,
            Ferrari, Fischer, Fontana, Fujita, Gallo, Garcia, Greco, Haas, Hansen, Hoffmann, Ibrahim, Ito,
            Jensen, Kaya, Keller, Khan, Kim, Klein, Kovacs, Larsen, Lehmann, Lopez, Lund, Mancini, Marin,
            Martin, Mendes, Meyer, Moreau, Moretti, Nakamura, Nguyen, Novak, Okafor, Olsen, Ortiz, Park, Patel,
            Pereira, Petrov, Popescu, Ricci, Rossi, Russo, Sato, Schmidt, Serra, Silva, Sorensen, Stein, Tanaka,
            Torres, Vidal, Vogel, Wagner, Weber, Wong, Yilmaz, Zhang""");

    private static final List<String> SIGNS = words("""
            Amber, Anchor, Arcade, Bellflower, Blue Door, Brass, Cedar, Clover, Compass, Copper, Coral,
            Crescent, Daybreak, Driftwood, Ember, Fig Tree, Foxglove, Golden Hour, Granite, Half Moon, Hawthorn,
            Heron, Honeycomb, Indigo, Ivy, Juniper, Kestrel, Lantern, Lemon Tree, Little Owl, Magnolia, Maple,
            Marigold, Meridian, Midnight, Mosaic, Nightingale, North Star, Oak & Iron, Olive Branch, Opal,
            Orchard, Paper Crane, Pearl, Quarry, Quiet Corner, Red Lion, Rosemary, Saffron, Salt & Stone,
            Second Street, Silver Birch, Sparrow, Stone Bridge, Sundial, Swan, Thistle, Tide, Tin Roof,
            Twelve Steps, Velvet, Violet Hour, Walnut, Wild Plum, Willow, Wren""");

    private final Set<String> handles = new HashSet<>();
    private final Set<String> venueNames = new HashSet<>();

    String person(Dice dice) {
        return dice.pick(FIRST) + " " + dice.pick(LAST);
    }

    /** Lower case without spaces, with a number from the second of a name on. */
    String handle(String person) {
        String plain = person.toLowerCase(Locale.ROOT).replace(' ', '.');
        String handle = plain;
        for (int i = 2; !handles.add(handle); i++) {
            handle = plain + i;
        }
        return handle;
    }

    String venue(VenueKind kind, Neighbourhood neighbourhood, Dice dice) {
        String name = kind.name(dice.pick(SIGNS), dice);
        if (!venueNames.add(name)) {
            String withPlace = name + ", " + neighbourhood.title();
            name = withPlace;
            for (int i = 2; !venueNames.add(name); i++) {
                name = withPlace + " " + i;
            }
        }
        return name;
    }

    private static List<String> words(String text) {
        return List.of(text.split(",\\s+"));
    }
}
