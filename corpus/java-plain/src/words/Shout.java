package words;

import java.util.Locale;
import java.util.function.Supplier;

public final class Shout implements Supplier<String> {
    @Override
    public String get() {
        return "istanbul".toUpperCase(Locale.forLanguageTag("tr"));
    }
}
