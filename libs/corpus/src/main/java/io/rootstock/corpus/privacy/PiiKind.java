package io.rootstock.corpus.privacy;

/** A kind of personal data or secret. */
public enum PiiKind {
    /** E-mail address with a domain that has a top-level domain of letters. */
    EMAIL("e-mail", "<EMAIL>"),

    /** Telephone number: international with "+" or "00", Korean, US or German national form. */
    PHONE("phone", "<PHONE>"),

    /** Public IPv4 address, or global, unique local or link-local IPv6 address. */
    IP_ADDRESS("ip-address", "<IP_ADDRESS>"),

    /** Credit card number with a known prefix and a correct Luhn digit. */
    CREDIT_CARD("credit-card", "<CREDIT_CARD>"),

    /** IBAN with its country's length and correct check digits. */
    IBAN("iban", "<IBAN>"),

    /** Korean resident or alien registration number. */
    KOREAN_RESIDENT_NUMBER("korean-resident-number", "<RESIDENT_NUMBER>"),

    /** Key or token with a known prefix: AWS, GitHub, Google, OpenAI and Anthropic, Slack, Stripe. */
    API_KEY("api-key", "<KEY>"),

    /** JSON web token. */
    JWT("jwt", "<KEY>"),

    /** PEM private key. */
    PRIVATE_KEY("private-key", "<PRIVATE_KEY>"),

    /** Random value that is assigned to a name such as password, secret, token or api_key. */
    SECRET("secret", "<KEY>");

    private final String label;
    private final String placeholder;

    PiiKind(String label, String placeholder) {
        this.label = label;
        this.placeholder = placeholder;
    }

    /** Name in recipes and reports. */
    public String label() {
        return label;
    }

    public String placeholder() {
        return placeholder;
    }
}
