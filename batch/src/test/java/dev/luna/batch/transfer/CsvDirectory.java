package dev.luna.batch.transfer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/** A directory with a small city: Ada and Bob, a cafe and a bar, two visits and one friendship. Tests bend it. */
record CsvDirectory(Path path) {

    static final String ADA = "00000000-0000-4000-8000-00000000000a";
    static final String BOB = "00000000-0000-4000-8000-00000000000b";
    static final String BAR = "00000000-0000-4000-8000-0000000000b0";
    static final String CAFE = "00000000-0000-4000-8000-0000000000c0";
    static final String VISIT = "00000000-0000-4000-8000-0000000000e1";
    static final String LIKE = "00000000-0000-4000-8000-0000000000e2";
    static final String EDGE = "00000000-0000-4000-8000-0000000000f1";

    static CsvDirectory smallCity(Path path) throws IOException {
        CsvDirectory city = new CsvDirectory(Files.createDirectories(path));
        city.file("users.csv", """
                id,handle,name,age,home_lat,home_lng,created_at
                ADA,ada,Ada,36,48.1,11.5,2025-01-01T00:00:00Z
                BOB,bob,Bob,,,,2025-01-01T00:00:00.000001+02:00
                """);
        city.file("venues.csv", """
                id,name,description,category,lat,lng,price_level,rating,created_at
                CAFE,Cafe,"Cake, and ""coffee\""
                twice",cafe,48.12,11.52,2,4.5,2025-01-01T00:00:00Z
                BAR,Bar,,,-33.5,151.25,,,2025-01-01T00:00:00Z
                """);
        city.file("interactions.csv", """
                id,user_id,venue_id,interaction_type,dwell_time,created_at
                VISIT,ADA,CAFE,view,120,2025-02-01T12:00:00Z
                LIKE,BOB,BAR,like,,2025-02-01T12:00:00.5Z
                """);
        city.file("social_edges.csv", """
                id,user_id,other_user_id,relationship_type,strength,created_at
                EDGE,ADA,BOB,friend,0.75,2025-01-01T00:00:00Z
                """);
        return city;
    }

    static CsvDirectory empty(Path path) throws IOException {
        return new CsvDirectory(Files.createDirectories(path));
    }

    /** Writes a file; names such as ADA stand for their ids. */
    CsvDirectory file(String name, String content) throws IOException {
        Files.writeString(path.resolve(name), withIds(content));
        return this;
    }

    CsvDirectory file(String name, byte[] content) throws IOException {
        Files.write(path.resolve(name), content);
        return this;
    }

    /** Adds a row at the end of a file. */
    CsvDirectory append(String name, String row) throws IOException {
        return file(name, Files.readString(path.resolve(name)) + row + "\n");
    }

    CsvDirectory delete(String name) throws IOException {
        Files.delete(path.resolve(name));
        return this;
    }

    /** A gzip file with a member for each content. */
    static byte[] gzip(String... contents) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (String content : contents) {
            try (OutputStream gzip = new GZIPOutputStream(bytes)) {
                gzip.write(withIds(content).getBytes(StandardCharsets.UTF_8));
            }
        }
        return bytes.toByteArray();
    }

    static String withIds(String content) {
        return content.replace("ADA", ADA)
                .replace("BOB", BOB)
                .replace("BAR", BAR)
                .replace("CAFE", CAFE)
                .replace("VISIT", VISIT)
                .replace("LIKE", LIKE)
                .replace("EDGE", EDGE);
    }
}
