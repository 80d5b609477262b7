package dev.luna.batch.snapshot;

import dev.luna.batch.scoring.VenueCatalog;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Numbers category names densely in order of first appearance, so that equal names get equal codes. */
final class Categories {

    private Categories() {}

    static int[] codes(List<@Nullable String> names) {
        Map<String, Integer> codes = new HashMap<>();
        int[] code = new int[names.size()];
        for (int i = 0; i < code.length; i++) {
            String name = names.get(i);
            if (name == null) {
                code[i] = VenueCatalog.NO_CATEGORY;
                continue;
            }
            Integer known = codes.putIfAbsent(name, codes.size());
            code[i] = known == null ? codes.size() - 1 : known;
        }
        return code;
    }
}
