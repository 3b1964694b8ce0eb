package io.rootstock.dist;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.UUID;
import org.cyclonedx.Version;
import org.cyclonedx.exception.GeneratorException;
import org.cyclonedx.exception.ParseException;
import org.cyclonedx.generators.BomGeneratorFactory;
import org.cyclonedx.model.Bom;
import org.cyclonedx.model.Hash;
import org.cyclonedx.model.License;
import org.cyclonedx.model.LicenseChoice;
import org.cyclonedx.model.Metadata;
import org.cyclonedx.model.Property;
import org.cyclonedx.model.license.Expression;
import org.cyclonedx.parsers.JsonParser;

/**
 * The software bill of materials, CycloneDX 1.6 as JSON. Equal components give equal bytes.
 *
 * @param version of Rootstock
 * @param time of the commit
 */
record Sbom(String version, Platform platform, Instant time) {
    private static final Version FORMAT = Version.VERSION_16;

    /**
     * Writes the components, in their order.
     *
     * @throws IOException if the result is not valid by the schema
     */
    void write(List<Component> components, Path file) throws IOException {
        Bom bom = new Bom();
        bom.setMetadata(metadata());
        components.stream().sorted().map(Sbom::component).forEach(bom::addComponent);
        String identity =
                version + platform.label() + components.stream().sorted().toList();
        bom.setSerialNumber("urn:uuid:" + UUID.nameUUIDFromBytes(identity.getBytes(StandardCharsets.UTF_8)));
        try {
            byte[] json = BomGeneratorFactory.createJson(FORMAT, bom)
                    .toJsonString(true)
                    .getBytes(StandardCharsets.UTF_8);
            List<ParseException> errors = new JsonParser().validate(json, FORMAT);
            if (!errors.isEmpty()) {
                throw new IOException("the software bill of materials is invalid: "
                        + errors.getFirst().getMessage());
            }
            Files.write(file, json);
        } catch (GeneratorException e) {
            throw new IOException("cannot generate the software bill of materials", e);
        }
    }

    private Metadata metadata() {
        org.cyclonedx.model.Component self = new org.cyclonedx.model.Component();
        self.setType(org.cyclonedx.model.Component.Type.APPLICATION);
        self.setName("rootstock");
        self.setVersion(version);
        self.setBomRef("rootstock@" + version);
        self.addProperty(property("rootstock:platform", platform.label()));
        Metadata metadata = new Metadata();
        metadata.setTimestamp(Date.from(time));
        metadata.setComponent(self);
        return metadata;
    }

    private static org.cyclonedx.model.Component component(Component part) {
        org.cyclonedx.model.Component component = new org.cyclonedx.model.Component();
        component.setType(org.cyclonedx.model.Component.Type.LIBRARY);
        component.setBomRef(part.purl());
        component.setPurl(part.purl());
        component.setGroup(part.group().isEmpty() ? null : part.group());
        component.setName(part.name());
        component.setVersion(part.version());
        if (!part.licences().isEmpty()) {
            component.setLicenses(licences(part.licences()));
        }
        if (!part.sha256().isEmpty()) {
            component.addHash(new Hash(Hash.Algorithm.SHA_256, part.sha256()));
        }
        part.files().forEach(file -> component.addProperty(property("rootstock:file", file)));
        if (!part.note().isEmpty()) {
            component.addProperty(property("rootstock:note", part.note()));
        }
        return component;
    }

    /** One expression, or a list: the schema does not mix them. */
    private static LicenseChoice licences(List<Licence> licences) {
        LicenseChoice choice = new LicenseChoice();
        if (licences.size() == 1 && licences.getFirst().isExpression()) {
            choice.setExpression(new Expression(licences.getFirst().id()));
            return choice;
        }
        for (Licence licence : licences) {
            License stated = new License();
            if (licence.id().isEmpty() || licence.isExpression()) {
                stated.setName(licence.label());
            } else {
                stated.setId(licence.id());
            }
            if (!licence.url().isBlank()) {
                stated.setUrl(licence.url());
            }
            choice.addLicense(stated);
        }
        return choice;
    }

    private static Property property(String name, String value) {
        Property property = new Property();
        property.setName(name);
        property.setValue(value);
        return property;
    }
}
