import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import javax.tools.ToolProvider;

/** java Run.java FOLDER…: compiles and runs each folder's Sign.java. */
public class Run {
    public static void main(String[] folders) throws Exception {
        for (String folder : folders) {
            String source = Path.of(folder, "Sign.java").toString();
            if (ToolProvider.getSystemJavaCompiler().run(null, null, null, "-Xlint:all", "-Werror", source) != 0) {
                System.exit(1);
            }
            try (URLClassLoader loader = new URLClassLoader(new URL[] {Path.of(folder).toUri().toURL()})) {
                loader.loadClass("Sign").getMethod("main", String[].class).invoke(null, (Object) new String[0]);
            }
        }
    }
}
