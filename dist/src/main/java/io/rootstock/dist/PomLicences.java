package io.rootstock.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/**
 * Licences that Maven projects state in their POM or in the nearest of its parents that states one.
 *
 * @param repository the local repository of the build
 */
record PomLicences(Path repository) {
    /** Returns the licences; empty if none is stated. */
    List<Licence> of(Coordinates jar) throws IOException {
        String group = jar.group();
        String artifact = jar.artifact();
        String version = jar.version();
        while (true) {
            Path file = repository
                    .resolve(group.replace('.', '/'))
                    .resolve(artifact)
                    .resolve(version)
                    .resolve(artifact + "-" + version + ".pom");
            if (!Files.isRegularFile(file)) {
                return List.of();
            }
            Element project = read(file);
            List<Licence> stated = licences(project);
            Optional<Element> parent = child(project, "parent");
            if (!stated.isEmpty() || parent.isEmpty()) {
                return stated;
            }
            group = text(parent.get(), "groupId");
            artifact = text(parent.get(), "artifactId");
            version = text(parent.get(), "version");
        }
    }

    private static List<Licence> licences(Element project) {
        List<Licence> stated = new ArrayList<>();
        for (Element licence : child(project, "licenses")
                .map(licences -> children(licences, "license"))
                .orElse(List.of())) {
            stated.add(Licence.stated(text(licence, "name"), text(licence, "url")));
        }
        return stated;
    }

    private static Element read(Path file) throws IOException {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
            return factory.newDocumentBuilder().parse(file.toFile()).getDocumentElement();
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    private static String text(Element parent, String name) {
        return child(parent, name).map(child -> child.getTextContent().strip()).orElse("");
    }

    private static Optional<Element> child(Element parent, String name) {
        return children(parent, name).stream().findFirst();
    }

    private static List<Element> children(Element parent, String name) {
        List<Element> found = new ArrayList<>();
        for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element && element.getTagName().equals(name)) {
                found.add(element);
            }
        }
        return found;
    }
}
