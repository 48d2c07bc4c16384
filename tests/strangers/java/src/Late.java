/** Loaded by its name. */
public final class Late {
    private Late() {}

    public static String text() {
        return "a class loaded late";
    }

    public static void main(String[] arguments) {
        System.out.println(text());
    }
}
