/// What a picture shows: three words and seven digits in two lines, about 44 bits of chance.
///
/// Letters and digits that are told apart with ease only, so that who reads well reads right.
package struct PictureText: Hashable, Sendable {
    /// Upper-case words and a group of digits, in the order in which they are read.
    package let tokens: [String]

    package init(using generator: inout some RandomNumberGenerator) {
        func word(_ generator: inout some RandomNumberGenerator) -> String {
            PictureText.words.randomElement(using: &generator) ?? "PAPER"
        }
        var digits = ""
        for _ in 0..<7 {
            // Neither the same twice in a row nor any that looks like a letter.
            let next = PictureText.digits.filter { $0 != digits.last }.randomElement(using: &generator)
            digits.append(next ?? "4")
        }
        self.tokens = [word(&generator), word(&generator), word(&generator), digits]
    }

    /// The tokens as they are drawn: two in each line.
    package var lines: [String] {
        [self.tokens.prefix(2).joined(separator: " "), self.tokens.dropFirst(2).joined(separator: " ")]
    }

    private static let digits: [Character] = ["2", "3", "4", "5", "6", "7", "8", "9"]

    private static let words: [String] = """
        ACORN AMBER APPLE APRON ARROW BADGE BAKER BAMBOO BANANA BARREL BASKET BEACH BEAVER BERRY BISHOP BLANKET
        BOTTLE BRANCH BRAVE BREAD BREEZE BRIDGE BRONZE BRUSH BUCKET BUTTER BUTTON CABIN CACTUS CAMEL CANDLE CANYON
        CARBON CARPET CARROT CASTLE CEDAR CHAIR CHALK CHERRY CHEST CHURCH CIRCLE CITRUS CLOCK CLOUD CLOVER COBALT
        COFFEE COPPER CORAL CORNER COTTON CRANE CRATER CREEK CROWN CRYSTAL DAGGER DAISY DESERT DIAMOND DINNER
        DOLPHIN DONKEY DRAGON DREAM EAGLE EARTH ELBOW EMBER ENGINE FALCON FARMER FATHER FEATHER FENCE FERRY
        FINGER FLAME FLOWER FOREST FOSSIL FOUNTAIN FROST GALAXY GARDEN GARLIC GHOST GIANT GINGER GLACIER GLOVE
        GOBLET GRANITE GRAPE GRAVEL GREEN GUITAR HAMMER HARBOR HAZEL HELMET HERON HONEY HORSE HOTEL HOUSE HUNTER
        JACKET JAGUAR JASMINE JUNGLE KERNEL KETTLE KITCHEN KNIGHT LADDER LAGOON LANTERN LEATHER LEMON LETTER
        LOBSTER LOCKET LUMBER MAGNET MANGO MAPLE MARBLE MARKET MEADOW MELON METAL MONKEY MORNING MOTHER MOUNTAIN
        MUSEUM NAPKIN NEEDLE NORTH NUMBER OCEAN OCTAGON OLIVE ONION ORANGE ORCHARD OTTER OYSTER PAINTER PALACE
        PANTHER PAPER PARADE PARROT PEACH PEARL PEBBLE PENCIL PEPPER PHOENIX PLANET PLATE POCKET PONCHO POTATO
        PRAIRIE PUMPKIN PURPLE QUARTZ RABBIT RADAR RANCH RAVEN RHUBARB RIBBON ROBOT ROCKET SADDLE SALMON SANDAL
        SAPPHIRE SAUCER SCHOOL SEASON SHADOW SHEPHERD SHORE SPARROW SPHERE SPOON SPRUCE SQUASH STEAM STONE STORM
        SUMMER SUNSET TABLE TEACHER TEMPLE THUNDER TOMATO TRACTOR TREASURE TRUMPET TURKEY TURTLE UMBRELLA VELVET
        VESSEL WAGON WALNUT WATER WEAVER WHALE WHEAT WINDOW WINTER WOLF YELLOW ZEBRA
        """
        .split(whereSeparator: \.isWhitespace).map(String.init)
}
