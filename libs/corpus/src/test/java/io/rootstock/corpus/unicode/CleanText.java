package io.rootstock.corpus.unicode;

import java.util.List;

/** Clean text of many languages for tests: article 1 of the Universal Declaration of Human Rights. */
final class CleanText {
    /** Sentences with quotes, dashes and signs as the languages set them. */
    static final List<String> SENTENCES = List.of(
            "All human beings are born free and equal in dignity and rights. “They are endowed with reason”—and conscience… It’s 5 °C, ±2 µm, £3½.",
            "Alle Menschen sind frei und gleich an Würde und Rechten geboren. „Das macht Spaß“, sagte er – „groß“… »süß« für 20 €.",
            "Tous les êtres humains naissent libres et égaux en dignité et en droits. « Voilà », dit-il… l’été à l’œuvre : 20 € – n° 5 ; « À bientôt ! »",
            "Todos los seres humanos nacen libres e iguales en dignidad y derechos. «¿Qué?», «¡Sí!» —dijo— 1.º, 2.ª, José…",
            "Todos os seres humanos nascem livres e iguais em dignidade e em direitos. “AMANHÃ”, “NÃO”… IRMÃ – manhã – AÇÃO; É…",
            "Tutti gli esseri umani nascono liberi ed eguali in dignità e diritti. «Perché è così», «virtù»… È – già – più.",
            "Alle mensen worden vrij en gelijk in waardigheid en rechten geboren. ’s Avonds: “één”, “reünie”… € 5,–",
            "Alla människor är födda fria och lika i värde och rättigheter. ”Så är det”, sa Åsa – ”å”… 5 Å.",
            "Alle mennesker er født frie og lige i værdighed og rettigheder. »Sådan er det«, sagde Øyvind – »ø«… Æ–Ø–Å.",
            "Wszyscy ludzie rodzą się wolni i równi pod względem swej godności i swych praw. „Zażółć gęślą jaźń”… – «Łódź».",
            "Všichni lidé rodí se svobodní a sobě rovní co do důstojnosti a práv. „Příliš žluťoučký kůň“… – Ž–Š.",
            "Minden emberi lény szabadon születik és egyenlő méltósága és joga van. „Őrült űr”… – »ő«.",
            "Bütün insanlar hür, haysiyet ve haklar bakımından eşit doğarlar. “Hâlâ…” “kâr”, ‘İstanbul’ – ı–İ–ğ.",
            "Toate ființele umane se nasc libere și egale în demnitate și în drepturi. „România”, „Â”… – «î».",
            "Tất cả mọi người sinh ra đều được tự do và bình đẳng về nhân quyền. “Ở ĐÂU?” “CÂU…” – “đã”.",
            "Hver maður er borinn frjáls og jafn öðrum að virðingu og réttindum. „Það“, „ð“… – Þ–Ð–Æ.",
            "Все люди рождаются свободными и равными в своём достоинстве и правах. «Ёлка» – „так“… № 5.",
            "Όλοι οι άνθρωποι γεννιούνται ελεύθεροι και ίσοι στην αξιοπρέπεια. «Έτσι», είπε… – Ώ–Ή.",
            "모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다. “그렇다”… ‘네’ – 5℃.",
            "すべての人間は、生まれながらにして自由であり、かつ、尊厳と権利とについて平等である。「はい」…―５×３。",
            "人人生而自由，在尊严和权利上一律平等。“是的”……——《书》。",
            "يولد جميع الناس أحرارًا متساوين في الكرامة والحقوق. «نعم»… – 5٪.",
            "כל בני האדם נולדו בני חורין ושווים בערכם ובזכויותיהם. “כן”… – ₪5.",
            "सभी मनुष्यों को गौरव और अधिकारों के मामले में जन्मजात स्वतन्त्रता प्राप्त है। “हाँ”… –",
            "มนุษย์ทั้งหลายเกิดมามีอิสระและเสมอภาคกันในเกียรติศักดิ์และสิทธิ “ใช่”… –");

    /** Letters outside of ASCII of languages that windows-1252 or its neighbours can write, with those of upper case. */
    static final String LETTERS = "äöüßÄÖÜàâæçéèêëîïôœùûüÿÀÂÆÇÉÈÊËÎÏÔŒÙÛÜŸáíóúñÁÍÓÚÑãõÃÕìòÌÒåøÅØðþýÐÞÝ"
            + "ąćęłńśźżĄĆĘŁŃŚŹŻěščřžůďťňĚŠČŘŽŮĎŤŇőűŐŰğışİĞŞășțĂȘȚđĐơưƠƯ";

    /** Characters that follow or surround words in clean text. */
    static final String SIGNS = "…“”‘’„‚‹›«»–—•™®©°€£¥§¶·´¡¿ªº¹²³½±×\u00A0\u00AD†‡‰";

    private CleanText() {}
}
