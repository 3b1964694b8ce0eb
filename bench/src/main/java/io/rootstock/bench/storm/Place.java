package io.rootstock.bench.storm;

import io.rootstock.cli.installation.Service;
import java.util.Locale;
import java.util.Optional;

/** A process of the installation, with its own address. */
enum Place {
    DATABASE(1),
    S3(2),
    TOKENIZER(3),
    TRAINER(4),
    INFERENCE(5),
    REGISTRY_1(6),
    REGISTRY_2(7);

    private final int number;

    Place(int number) {
        this.number = number;
    }

    /** Part of its address. */
    int number() {
        return number;
    }

    /** Name of its directory and its network namespace. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The service that runs there; empty for PostgreSQL and S3. */
    Optional<Service> service() {
        return switch (this) {
            case DATABASE, S3 -> Optional.empty();
            case TOKENIZER -> Optional.of(Service.TOKENIZER);
            case TRAINER -> Optional.of(Service.TRAINER);
            case INFERENCE -> Optional.of(Service.INFERENCE);
            case REGISTRY_1, REGISTRY_2 -> Optional.of(Service.REGISTRY);
        };
    }

    /** Whether its data directory is a file system of its own, which can be full. */
    boolean ownsDisk() {
        return switch (this) {
            case DATABASE, S3, TOKENIZER, TRAINER -> true;
            case INFERENCE, REGISTRY_1, REGISTRY_2 -> false;
        };
    }
}
