//! THE CATALOGUE: each mistake is one entry, with what it changes, what to tell a person, and how common it is.
//!
//! The order is that in which they are tried, the commonest first (MISTAKES b1).

use super::plan::{Change, Charset, Digest, Empties, Join, KeyForm, Names, NumberForm, Order, Place, Transform};

/// A group of mistakes that are excluded together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Family {
    /// Another key, or the key with something around it.
    Key,
    /// Where the key stands in the text.
    KeyPlace,
    /// The bytes of the text.
    Charset,
    /// The digest and how it is written.
    Digest,
    /// Which fields are signed.
    Fields,
    /// How names are spelled.
    Names,
    /// The order of the fields.
    Order,
    /// Empty values.
    Empties,
    /// Values encoded, escaped or changed.
    Values,
    /// Numbers and times.
    Numbers,
    /// How the pairs are joined.
    Join,
    /// The recipe of another kind of signature.
    Dialect,
}

impl Family {
    /// Every family, in the order in which a person would rule them out.
    pub const ALL: [Self; 12] = [
        Self::Key,
        Self::KeyPlace,
        Self::Charset,
        Self::Digest,
        Self::Fields,
        Self::Names,
        Self::Order,
        Self::Empties,
        Self::Values,
        Self::Numbers,
        Self::Join,
        Self::Dialect,
    ];

    /// The stable name.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::KeyPlace => "key-place",
            Self::Charset => "charset",
            Self::Digest => "digest",
            Self::Fields => "fields",
            Self::Names => "names",
            Self::Order => "order",
            Self::Empties => "empties",
            Self::Values => "values",
            Self::Numbers => "numbers",
            Self::Join => "join",
            Self::Dialect => "dialect",
        }
    }
}

/// Something said in both languages of the project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Said {
    /// English.
    pub en: &'static str,
    /// Chinese.
    pub zh: &'static str,
}

/// A mistake that the search knows.
#[derive(Clone, Copy, Debug)]
pub struct Mistake {
    /// The stable name.
    pub id: &'static str,
    /// What is wrong.
    pub sentence: Said,
    /// What to do, in one line.
    pub fix: Said,
    /// What it belongs to.
    pub family: Family,
    pub(crate) change: Change,
}

const fn mistake(id: &'static str, family: Family, change: Change, sentence: Said, fix: Said) -> Mistake {
    Mistake { id, sentence, fix, family, change }
}

const fn say(en: &'static str, zh: &'static str) -> Said {
    Said { en, zh }
}

const CLEAN_KEY: Said = say(
    "Trim the key where it is read from the file or the environment, and store it without quotes.",
    "读取密钥时去掉首尾的空白、换行和引号。",
);
const DOCUMENTED_KEY: Said = say(
    "Add the key as one more parameter named appkey, sorted among the others.",
    "把密钥作为名为 appkey 的普通参数，与其他参数一起排序。",
);
const UTF8: Said = say("Encode the text as UTF-8 before hashing.", "计算摘要前按 UTF-8 编码。");
const SHA1: Said =
    say("Use SHA-1, written as 40 lower-case hexadecimal digits.", "使用 SHA-1，输出 40 位小写十六进制。");
const RAW_VALUES: Said = say(
    "Sign the values as they are, and encode or escape them only for transport.",
    "签名使用原始值，只在传输时再编码或转义。",
);
const SAME_VALUES: Said =
    say("Sign the very values that are sent: build both from one variable.", "签名与发送使用同一个变量里的同一个值。");
const LOWER_NAMES: Said = say("Lower-case the names, then sort, then join.", "先把参数名转小写，再排序，再拼接。");
const SORT: Said = say("Sort by the lower-cased name, byte by byte (ASCII).", "按小写参数名的 ASCII 码升序排序。");
const ONE_KIND: Said = say(
    "Use the paySign of this message: SHA-1 with the paySignKey as the parameter appkey.",
    "本接口用 paySign：以 paySignKey 作为参数 appkey，做 SHA-1。",
);

/// The entries. `field-dropped`, `key-other-*` and `time-regenerated` are made for each case by the search.
pub const CATALOGUE: &[Mistake] = &[
    mistake(
        "key-newline",
        Family::Key,
        Change::KeyForm(KeyForm::NewlineAfter),
        say("The key was used with a line break behind it.", "密钥末尾带了换行符。"),
        CLEAN_KEY,
    ),
    mistake(
        "key-crlf",
        Family::Key,
        Change::KeyForm(KeyForm::CrLfAfter),
        say("The key was used with CR LF behind it.", "密钥末尾带了回车换行（CR LF）。"),
        CLEAN_KEY,
    ),
    mistake(
        "key-space-after",
        Family::Key,
        Change::KeyForm(KeyForm::SpaceAfter),
        say("The key was used with a space behind it.", "密钥末尾带了空格。"),
        CLEAN_KEY,
    ),
    mistake(
        "key-space-before",
        Family::Key,
        Change::KeyForm(KeyForm::SpaceBefore),
        say("The key was used with a space before it.", "密钥开头带了空格。"),
        CLEAN_KEY,
    ),
    mistake(
        "key-bom",
        Family::Key,
        Change::KeyForm(KeyForm::BomBefore),
        say("The key was used with a byte order mark before it.", "密钥开头带了 BOM。"),
        CLEAN_KEY,
    ),
    mistake(
        "key-double-quoted",
        Family::Key,
        Change::KeyForm(KeyForm::DoubleQuoted),
        say("The key was used with double quotes around it.", "密钥带着双引号参与了签名。"),
        CLEAN_KEY,
    ),
    mistake(
        "key-single-quoted",
        Family::Key,
        Change::KeyForm(KeyForm::SingleQuoted),
        say("The key was used with single quotes around it.", "密钥带着单引号参与了签名。"),
        CLEAN_KEY,
    ),
    mistake(
        "key-trimmed",
        Family::Key,
        Change::KeyForm(KeyForm::Trimmed),
        say(
            "The key given here has white space, a byte order mark or quotes around it; the signature was made without.",
            "这里填写的密钥首尾有空白、BOM 或引号，而签名用的是干净的密钥。",
        ),
        say("Remove what stands around the key.", "去掉密钥首尾多余的字符。"),
    ),
    mistake(
        "signature-upper-case",
        Family::Digest,
        Change::UpperHex,
        say("The signature is written in upper case.", "签名用了大写十六进制。"),
        SHA1,
    ),
    mistake(
        "charset-gbk",
        Family::Charset,
        Change::Charset(Charset::Gbk),
        say("The text was hashed in GBK.", "签名时按 GBK 编码。"),
        UTF8,
    ),
    mistake(
        "key-suffix",
        Family::KeyPlace,
        Change::Place(Place::Suffix),
        say(
            "The key was put at the end as &key=…, as the package MD5 has it, instead of being the parameter appkey.",
            "密钥以 &key=… 拼在末尾（那是 package 的 MD5 规则），而不是作为参数 appkey。",
        ),
        DOCUMENTED_KEY,
    ),
    mistake(
        "digest-md5",
        Family::Digest,
        Change::Digest(Digest::Md5),
        say("The digest is MD5.", "摘要算法用了 MD5。"),
        SHA1,
    ),
    mistake(
        "dialect-package-md5",
        Family::Dialect,
        Change::Dialect("package-md5"),
        say(
            "This is the MD5 signature of the package (also that of APIv2): names as they are, empties dropped, &key= at \
             the end, upper case.",
            "这是 package（以及 APIv2）的 MD5 签名：参数名原样、去掉空值、末尾加 &key=、结果大写。",
        ),
        ONE_KIND,
    ),
    mistake(
        "dialect-mch-hmac-sha256",
        Family::Dialect,
        Change::Dialect("mch-hmac-sha256"),
        say("This is the HMAC-SHA256 signature of APIv2.", "这是 APIv2 的 HMAC-SHA256 签名。"),
        ONE_KIND,
    ),
    mistake(
        "empties-dropped",
        Family::Empties,
        Change::Empties(Empties::Dropped),
        say("Fields with an empty value were left out.", "空值参数没有参与签名。"),
        say("Keep empty values: they are signed as name=.", "空值也要参与签名，写作 name=。"),
    ),
    mistake(
        "empties-null",
        Family::Empties,
        Change::Empties(Empties::Null),
        say("An empty value was signed as the text null.", "空值按文本 null 参与了签名。"),
        say("Sign an empty value as name=.", "空值写作 name=。"),
    ),
    mistake(
        "names-as-given",
        Family::Names,
        Change::Names(Names::AsGiven),
        say(
            "Names were signed in the case of the message, such as AppId.",
            "参数名按消息里的大小写（如 AppId）参与了签名。",
        ),
        LOWER_NAMES,
    ),
    mistake(
        "names-camel",
        Family::Names,
        Change::Names(Names::Camel),
        say("Names were signed in camelCase.", "参数名按驼峰写法参与了签名。"),
        LOWER_NAMES,
    ),
    mistake(
        "names-upper",
        Family::Names,
        Change::Names(Names::Upper),
        say("Names were signed in upper case.", "参数名按大写参与了签名。"),
        LOWER_NAMES,
    ),
    mistake(
        "sign-method-signed",
        Family::Fields,
        Change::SignMethod,
        say("The signing method was signed too.", "签名方法字段（sign_method）也参与了签名。"),
        say("Leave the method and the signature itself out.", "sign_method 和签名本身不参与签名。"),
    ),
    mistake(
        "signature-signed",
        Family::Fields,
        Change::SignSignature,
        say("The field of the signature itself was signed too.", "签名字段本身也参与了签名。"),
        say("Leave the signature and the method out of what is signed.", "签名字段和 sign_method 都不参与签名。"),
    ),
    mistake(
        "unsigned-fields-signed",
        Family::Fields,
        Change::SignUnsigned,
        say("Fields that travel along unsigned were signed.", "只传输、不签名的字段参与了签名。"),
        say("Sign exactly the fields of the message's list.", "只签名文档列出的字段。"),
    ),
    mistake(
        "unknown-fields-signed",
        Family::Fields,
        Change::SignUnknown,
        say("Fields that this message does not sign were signed.", "不在签名列表里的字段参与了签名。"),
        say("Sign exactly the fields of the message's list.", "只签名文档列出的字段。"),
    ),
    mistake(
        "order-before-lower-case",
        Family::Order,
        Change::Order(Order::ByGivenName),
        say("The names were sorted before they were lower-cased.", "先排序、后转小写，顺序错了。"),
        LOWER_NAMES,
    ),
    mistake(
        "order-as-given",
        Family::Order,
        Change::Order(Order::AsGiven),
        say("The fields were not sorted.", "参数没有排序。"),
        SORT,
    ),
    mistake(
        "order-ignoring-underscore",
        Family::Order,
        Change::Order(Order::IgnoringUnderscore),
        say(
            "The names were sorted by a language's rules, which skip the underscore.",
            "排序用了区域规则，忽略了下划线。",
        ),
        SORT,
    ),
    mistake(
        "order-by-value",
        Family::Order,
        Change::Order(Order::ByValue),
        say("The fields were sorted by value instead of by name.", "按参数值而不是参数名排序。"),
        SORT,
    ),
    mistake(
        "key-appended",
        Family::KeyPlace,
        Change::Place(Place::Appended),
        say("appkey was put at the end instead of being sorted in.", "appkey 直接拼在末尾，没有参与排序。"),
        DOCUMENTED_KEY,
    ),
    mistake(
        "key-missing",
        Family::KeyPlace,
        Change::Place(Place::Missing),
        say("The key did not take part.", "密钥没有参与签名。"),
        DOCUMENTED_KEY,
    ),
    mistake(
        "key-added",
        Family::KeyPlace,
        Change::Place(Place::Sorted),
        say("A key took part, and this message is signed without one.", "密钥参与了签名，而这个消息的签名不含密钥。"),
        say("Sign the fields alone, without appkey.", "只对字段签名，不加 appkey。"),
    ),
    mistake(
        "key-twice",
        Family::KeyPlace,
        Change::Place(Place::Twice),
        say("The key took part twice: as appkey and as &key= at the end.", "密钥参与了两次：appkey 以及末尾的 &key=。"),
        DOCUMENTED_KEY,
    ),
    mistake(
        "key-named-appKey",
        Family::KeyPlace,
        Change::Place(Place::NamedCamel),
        say("The key's parameter was called appKey.", "密钥参数名写成了 appKey。"),
        DOCUMENTED_KEY,
    ),
    mistake(
        "key-named-key",
        Family::KeyPlace,
        Change::Place(Place::NamedKey),
        say("The key's parameter was called key.", "密钥参数名写成了 key。"),
        DOCUMENTED_KEY,
    ),
    mistake(
        "key-named-appSecret",
        Family::KeyPlace,
        Change::Place(Place::NamedAppSecret),
        say("The key's parameter was called appSecret.", "密钥参数名写成了 appSecret。"),
        DOCUMENTED_KEY,
    ),
    mistake(
        "key-named-paySignKey",
        Family::KeyPlace,
        Change::Place(Place::NamedPaySignKey),
        say("The key's parameter was called paySignKey.", "密钥参数名写成了 paySignKey。"),
        DOCUMENTED_KEY,
    ),
    mistake(
        "key-concatenated",
        Family::KeyPlace,
        Change::Place(Place::Concatenated),
        say("The key was glued to the end of the text.", "密钥直接接在文本末尾。"),
        DOCUMENTED_KEY,
    ),
    mistake(
        "values-url-encoded",
        Family::Values,
        Change::Values(Transform::UrlEncoded),
        say("The values were percent-encoded before signing.", "签名前对值做了 URL 编码。"),
        RAW_VALUES,
    ),
    mistake(
        "values-url-encoded-lower",
        Family::Values,
        Change::Values(Transform::UrlEncodedLower),
        say("The values were percent-encoded, in lower case, before signing.", "签名前对值做了小写的 URL 编码。"),
        RAW_VALUES,
    ),
    mistake(
        "values-form-encoded",
        Family::Values,
        Change::Values(Transform::FormEncoded),
        say("The values were form-encoded (a space as +) before signing.", "签名前对值做了表单编码（空格变 +）。"),
        RAW_VALUES,
    ),
    mistake(
        "values-form-encoded-lower",
        Family::Values,
        Change::Values(Transform::FormEncodedLower),
        say(
            "The values were form-encoded (a space as +), in lower case, before signing.",
            "签名前对值做了小写的表单编码（空格变 +）。",
        ),
        RAW_VALUES,
    ),
    mistake(
        "values-url-decoded",
        Family::Values,
        Change::Values(Transform::UrlDecoded),
        say(
            "The values here are percent-encoded, and the signature is over the decoded ones.",
            "这里的值是 URL 编码过的，而签名用的是解码后的值。",
        ),
        SAME_VALUES,
    ),
    mistake(
        "values-form-decoded",
        Family::Values,
        Change::Values(Transform::FormDecoded),
        say(
            "The values here are form-encoded (a space as +), and the signature is over the decoded ones.",
            "这里的值是表单编码过的（空格变 +），而签名用的是解码后的值。",
        ),
        SAME_VALUES,
    ),
    mistake(
        "values-escapes-lower",
        Family::Values,
        Change::Values(Transform::EscapesLower),
        say(
            "Percent-escapes are upper-case here (%3A), and were signed in lower case (%3a).",
            "这里的 URL 编码是大写（%3A），签名时是小写（%3a）。",
        ),
        say("Pick one encoder and use its output for signing and sending.", "签名与发送使用同一种编码方式的结果。"),
    ),
    mistake(
        "values-escapes-upper",
        Family::Values,
        Change::Values(Transform::EscapesUpper),
        say(
            "Percent-escapes are lower-case here (%3a), and were signed in upper case (%3A).",
            "这里的 URL 编码是小写（%3a），签名时是大写（%3A）。",
        ),
        say("Pick one encoder and use its output for signing and sending.", "签名与发送使用同一种编码方式的结果。"),
    ),
    mistake(
        "values-space-as-plus",
        Family::Values,
        Change::Values(Transform::SpaceAsPlus),
        say("A space is %20 here, and was signed as +.", "这里的空格写作 %20，签名时写作 +。"),
        say("Pick one encoder and use its output for signing and sending.", "签名与发送使用同一种编码方式的结果。"),
    ),
    mistake(
        "values-space-as-percent-20",
        Family::Values,
        Change::Values(Transform::SpaceAsPercent20),
        say("A + stands here where %20 was signed.", "这里写作 +，签名时写作 %20。"),
        say("Pick one encoder and use its output for signing and sending.", "签名与发送使用同一种编码方式的结果。"),
    ),
    mistake(
        "package-encoded-twice",
        Family::Values,
        Change::Values(Transform::PackageEscapedTwice),
        say(
            "The values inside the package were percent-encoded twice before signing (% as %25).",
            "签名前 package 里的值被 URL 编码了两次（% 变 %25）。",
        ),
        say(
            "Build the package once, and sign and send that one string.",
            "package 只生成一次，签名与发送使用同一个字符串。",
        ),
    ),
    mistake(
        "values-escapes-gbk",
        Family::Charset,
        Change::Values(Transform::EscapesGbk),
        say(
            "The percent-escapes here are UTF-8, and those of GBK were signed.",
            "这里的 URL 编码按 UTF-8，签名时按 GBK。",
        ),
        say(
            "Encode in the charset that input_charset names, once, for signing and sending.",
            "按 input_charset 指定的编码只编码一次，签名与发送用同一个结果。",
        ),
    ),
    mistake(
        "values-escapes-utf8",
        Family::Charset,
        Change::Values(Transform::EscapesUtf8),
        say(
            "The percent-escapes here are GBK, and those of UTF-8 were signed.",
            "这里的 URL 编码按 GBK，签名时按 UTF-8。",
        ),
        say(
            "Encode in the charset that input_charset names, once, for signing and sending.",
            "按 input_charset 指定的编码只编码一次，签名与发送用同一个结果。",
        ),
    ),
    mistake(
        "values-xml-escaped",
        Family::Values,
        Change::Values(Transform::XmlEscaped),
        say("The values were escaped as XML before signing (& as &amp;).", "签名前对值做了 XML 转义（& 变 &amp;）。"),
        RAW_VALUES,
    ),
    mistake(
        "values-xml-escaped-quotes",
        Family::Values,
        Change::Values(Transform::XmlEscapedQuotes),
        say(
            "The values were escaped as XML before signing, quotes too (\" as &quot;).",
            "签名前对值做了 XML 转义，引号也转了（\" 变 &quot;）。",
        ),
        RAW_VALUES,
    ),
    mistake(
        "values-html-escaped",
        Family::Values,
        Change::Values(Transform::HtmlEscaped),
        say(
            "The values were escaped as HTML before signing (' as &#039;).",
            "签名前对值做了 HTML 转义（' 变 &#039;）。",
        ),
        say(
            "Sign the value itself; escape (PHP: htmlspecialchars) only what goes into a page.",
            "签名使用原始值，htmlspecialchars 之类只用于输出网页。",
        ),
    ),
    mistake(
        "values-numeric-references",
        Family::Values,
        Change::Values(Transform::NumericReferences),
        say(
            "Characters beyond ASCII were signed as references such as &#38169;.",
            "非 ASCII 字符被写成 &#38169; 这样的实体后参与了签名。",
        ),
        say(
            "Sign raw UTF-8; write the XML in UTF-8, not in ASCII.",
            "签名使用原始 UTF-8；XML 也按 UTF-8 输出，不要按 ASCII。",
        ),
    ),
    mistake(
        "values-xml-unescaped",
        Family::Values,
        Change::Values(Transform::XmlUnescaped),
        say(
            "The values here are escaped as XML, and the signature is over the unescaped ones.",
            "这里的值是 XML 转义过的，而签名用的是还原后的值。",
        ),
        SAME_VALUES,
    ),
    mistake(
        "values-html-unescaped",
        Family::Values,
        Change::Values(Transform::HtmlUnescaped),
        say(
            "The values here hold references of HTML (&nbsp;, &#20013;), and the signature is over the resolved ones.",
            "这里的值含有 HTML 实体（&nbsp;、&#20013;），而签名用的是还原后的值。",
        ),
        SAME_VALUES,
    ),
    mistake(
        "values-cdata",
        Family::Values,
        Change::Values(Transform::Cdata),
        say("The values were signed inside their CDATA wrapping.", "带着 CDATA 标记参与了签名。"),
        say("Sign the text inside CDATA, not the marks around it.", "只签名 CDATA 里面的文本。"),
    ),
    mistake(
        "values-json-escaped",
        Family::Values,
        Change::Values(Transform::JsonEscaped),
        say("The values were signed with \\u escapes.", "值里的中文被写成 \\u 转义后参与了签名。"),
        say(
            "Sign and send raw UTF-8 (PHP: JSON_UNESCAPED_UNICODE); \\u in the body is errcode 40033.",
            "签名和发送都用原始 UTF-8（PHP 用 JSON_UNESCAPED_UNICODE）；正文出现 \\u 会返回 40033。",
        ),
    ),
    mistake(
        "values-json-escaped-upper",
        Family::Values,
        Change::Values(Transform::JsonEscapedUpper),
        say("The values were signed with \\u escapes in upper case.", "值里的中文被写成大写的 \\u 转义后参与了签名。"),
        say(
            "Sign and send raw UTF-8; \\u in the body is errcode 40033.",
            "签名和发送都用原始 UTF-8；正文出现 \\u 会返回 40033。",
        ),
    ),
    mistake(
        "values-json-html-safe",
        Family::Values,
        Change::Values(Transform::JsonHtmlSafe),
        say("& < > were signed as \\u0026 \\u003c \\u003e.", "& < > 被写成 \\u0026 \\u003c \\u003e 后参与了签名。"),
        say(
            "Sign the value, not its JSON; turn escaping for HTML off (Go: SetEscapeHTML(false)).",
            "签名用值本身，不用 JSON 写法；关闭 HTML 转义（Go 用 SetEscapeHTML(false)）。",
        ),
    ),
    mistake(
        "values-json-html-safe-gson",
        Family::Values,
        Change::Values(Transform::JsonHtmlSafeGson),
        say(
            "& < > = ' were signed as \\u0026 \\u003c \\u003e \\u003d \\u0027, as Gson writes them.",
            "& < > = ' 被 Gson 写成 \\u0026 \\u003c \\u003e \\u003d \\u0027 后参与了签名。",
        ),
        say(
            "Sign the value, not its JSON; turn escaping for HTML off (Gson: disableHtmlEscaping).",
            "签名用值本身，不用 JSON 写法；关闭 HTML 转义（Gson 用 disableHtmlEscaping）。",
        ),
    ),
    mistake(
        "values-json-quoted",
        Family::Values,
        Change::Values(Transform::JsonQuoted),
        say(
            "Quotes, backslashes or line ends were signed as JSON writes them (\\\", \\\\, \\n).",
            "引号、反斜杠或换行按 JSON 写法（\\\"、\\\\、\\n）参与了签名。",
        ),
        say("Sign the value, not its JSON spelling.", "签名用值本身，不用 JSON 写法。"),
    ),
    mistake(
        "values-json-unescaped",
        Family::Values,
        Change::Values(Transform::JsonUnescaped),
        say(
            "The values here hold escapes of JSON (\\u, \\/), and the signature is over the resolved ones.",
            "这里的值含有 JSON 转义（\\u、\\/），而签名用的是还原后的值。",
        ),
        SAME_VALUES,
    ),
    mistake(
        "values-json-slashes",
        Family::Values,
        Change::Values(Transform::JsonSlashes),
        say("Slashes were signed as \\/.", "斜杠被写成 \\/ 后参与了签名。"),
        say(
            "Sign the value, not its JSON spelling (PHP: JSON_UNESCAPED_SLASHES).",
            "签名用值本身，不用 JSON 写法（PHP 用 JSON_UNESCAPED_SLASHES）。",
        ),
    ),
    mistake(
        "values-trimmed",
        Family::Values,
        Change::Values(Transform::Trimmed),
        say(
            "The values here have white space around them that was not signed.",
            "这里的值首尾有空白，而签名时去掉了。",
        ),
        say("Send the values without the white space.", "发送时也去掉首尾空白。"),
    ),
    mistake(
        "values-lf",
        Family::Values,
        Change::Values(Transform::Lf),
        say("Line ends are CR LF here, and were signed as LF.", "这里的换行是 CRLF，签名时是 LF。"),
        SAME_VALUES,
    ),
    mistake(
        "values-crlf",
        Family::Values,
        Change::Values(Transform::CrLf),
        say("Line ends are LF here, and were signed as CR LF.", "这里的换行是 LF，签名时是 CRLF。"),
        SAME_VALUES,
    ),
    mistake(
        "values-nfc",
        Family::Values,
        Change::Values(Transform::Nfc),
        say("The text was composed (Unicode NFC) before signing.", "签名前文本做了 Unicode NFC 合成。"),
        SAME_VALUES,
    ),
    mistake(
        "values-nfd",
        Family::Values,
        Change::Values(Transform::Nfd),
        say("The text was decomposed (Unicode NFD) before signing.", "签名前文本做了 Unicode NFD 分解。"),
        SAME_VALUES,
    ),
    mistake(
        "values-ascii-digits",
        Family::Values,
        Change::Values(Transform::AsciiDigits),
        say("The digits here are full-width, and were signed as ASCII.", "这里的数字是全角，签名时是半角。"),
        say("Use ASCII digits.", "使用半角数字。"),
    ),
    mistake(
        "values-full-width-digits",
        Family::Values,
        Change::Values(Transform::FullWidthDigits),
        say("The digits here are ASCII, and were signed full-width.", "这里的数字是半角，签名时是全角。"),
        say("Use ASCII digits.", "使用半角数字。"),
    ),
    mistake(
        "values-half-width",
        Family::Values,
        Change::Values(Transform::HalfWidth),
        say(
            "Letters or punctuation are full-width here, and were signed as ASCII.",
            "这里的字母或标点是全角，签名时是半角。",
        ),
        SAME_VALUES,
    ),
    mistake(
        "values-cut-at-emoji",
        Family::Values,
        Change::Values(Transform::CutAtEmoji),
        say(
            "The values were cut before the first emoji, as a database column of 3-byte UTF-8 does.",
            "值在第一个 emoji 处被截断（数据库列为 3 字节 utf8 时会这样）。",
        ),
        say("Store text as utf8mb4, and sign the value that is sent.", "数据库使用 utf8mb4，签名使用实际发送的值。"),
    ),
    mistake(
        "time-milliseconds",
        Family::Numbers,
        Change::Number(NumberForm::Milliseconds),
        say("The time stamp was signed in milliseconds.", "时间戳按毫秒参与了签名。"),
        say("Use whole seconds everywhere.", "时间戳统一用秒。"),
    ),
    mistake(
        "time-seconds",
        Family::Numbers,
        Change::Number(NumberForm::Seconds),
        say("The time stamp here is in milliseconds, and was signed in seconds.", "这里的时间戳是毫秒，签名时是秒。"),
        say("Use whole seconds everywhere.", "时间戳统一用秒。"),
    ),
    mistake(
        "number-float",
        Family::Numbers,
        Change::Number(NumberForm::Float),
        say("Numbers were signed with .0 behind them.", "数字带着 .0 参与了签名。"),
        say("Keep numbers as text, or as integers.", "数字用字符串或整数。"),
    ),
    mistake(
        "number-leading-zeros",
        Family::Numbers,
        Change::Number(NumberForm::NoLeadingZeros),
        say("A number lost its leading zeros before signing.", "数字的前导零在签名前丢失。"),
        say(
            "Keep numbers as text: a parser has turned one into a number.",
            "把数字当字符串处理，解析器把它转成了数值。",
        ),
    ),
    mistake(
        "number-integer",
        Family::Numbers,
        Change::Number(NumberForm::Integer),
        say(
            "A number here has a fraction or an exponent (1.0, 1.4E9), and was signed as an integer.",
            "这里的数字带小数或指数（1.0、1.4E9），签名时是整数。",
        ),
        say(
            "Keep numbers as text from end to end: ids are not for calculating.",
            "数字全程按字符串处理，单号不是用来计算的。",
        ),
    ),
    mistake(
        "number-java-double",
        Family::Numbers,
        Change::Number(NumberForm::Java),
        say(
            "Numbers were signed as Java writes a double (1.0, 1.4E9): a parser has made them floating-point numbers.",
            "数字按 Java double 的写法（1.0、1.4E9）参与了签名：解析器把它们变成了浮点数。",
        ),
        say(
            "Read JSON into strings, or with Gson set ToNumberPolicy.LAZILY_PARSED_NUMBER.",
            "JSON 按字符串读取；Gson 可设 ToNumberPolicy.LAZILY_PARSED_NUMBER。",
        ),
    ),
    mistake(
        "number-javascript",
        Family::Numbers,
        Change::Number(NumberForm::JavaScript),
        say(
            "A long number lost its last digits, as JavaScript holds no more than 16.",
            "长数字丢失了末尾几位：JavaScript 只能精确表示约 16 位。",
        ),
        say(
            "Keep numbers as text from end to end: ids are not for calculating.",
            "数字全程按字符串处理，单号不是用来计算的。",
        ),
    ),
    mistake(
        "number-php-float",
        Family::Numbers,
        Change::Number(NumberForm::Php),
        say(
            "A long number was signed as PHP writes a float (1.2186149012014E+27).",
            "长数字按 PHP 浮点数的写法（1.2186149012014E+27）参与了签名。",
        ),
        say(
            "Keep numbers as text from end to end: ids are not for calculating.",
            "数字全程按字符串处理，单号不是用来计算的。",
        ),
    ),
    mistake(
        "number-spreadsheet",
        Family::Numbers,
        Change::Number(NumberForm::Sheet),
        say(
            "A long number was signed as a spreadsheet shows it (1.21861E+27).",
            "长数字按电子表格的显示（1.21861E+27）参与了签名。",
        ),
        say("Format the column as text before numbers are put into it.", "先把单元格设为文本格式，再填入单号。"),
    ),
    mistake(
        "charset-gb18030",
        Family::Charset,
        Change::Charset(Charset::Gb18030),
        say("The text was hashed in GB18030.", "签名时按 GB18030 编码。"),
        UTF8,
    ),
    mistake(
        "charset-latin1",
        Family::Charset,
        Change::Charset(Charset::Latin1),
        say(
            "The text was hashed in Latin-1 or ASCII, other characters as ?.",
            "签名时按 Latin-1/ASCII 编码，其他字符变成了 ?。",
        ),
        UTF8,
    ),
    mistake(
        "mojibake-latin1",
        Family::Charset,
        Change::Charset(Charset::MojibakeLatin1),
        say(
            "UTF-8 text was read as Latin-1 and encoded once more before signing.",
            "UTF-8 文本被当作 Latin-1 读取后又编码了一次。",
        ),
        UTF8,
    ),
    mistake(
        "mojibake-gbk",
        Family::Charset,
        Change::Charset(Charset::MojibakeGbk),
        say(
            "UTF-8 text was read as GBK and encoded once more before signing.",
            "UTF-8 文本被当作 GBK 读取后又编码了一次。",
        ),
        UTF8,
    ),
    mistake(
        "mojibake-reversed",
        Family::Charset,
        Change::Values(Transform::Unmojibake),
        say(
            "The text here is garbled (UTF-8 read as Latin-1), and the signature is over the right text.",
            "这里的文本是乱码（UTF-8 被当作 Latin-1），而签名用的是正确文本。",
        ),
        SAME_VALUES,
    ),
    mistake(
        "mojibake-gbk-reversed",
        Family::Charset,
        Change::Values(Transform::UnmojibakeGbk),
        say(
            "The text here is garbled (UTF-8 read as GBK), and the signature is over the right text.",
            "这里的文本是乱码（UTF-8 被当作 GBK），而签名用的是正确文本。",
        ),
        SAME_VALUES,
    ),
    mistake(
        "text-bom",
        Family::Charset,
        Change::Charset(Charset::Utf8Bom),
        say("The text was hashed with a byte order mark before it.", "待签名文本开头带了 BOM。"),
        say(
            "Hash the text without a byte order mark; save source files without one.",
            "计算摘要的文本不带 BOM，源文件也保存为无 BOM 格式。",
        ),
    ),
    mistake(
        "charset-utf16le",
        Family::Charset,
        Change::Charset(Charset::Utf16Le),
        say("The text was hashed in UTF-16 (little endian).", "签名时按 UTF-16（小端）编码。"),
        UTF8,
    ),
    mistake(
        "charset-utf16be",
        Family::Charset,
        Change::Charset(Charset::Utf16Be),
        say("The text was hashed in UTF-16 (big endian).", "签名时按 UTF-16（大端）编码。"),
        UTF8,
    ),
    mistake(
        "digest-sha256",
        Family::Digest,
        Change::Digest(Digest::Sha256),
        say("The digest is SHA-256.", "摘要算法用了 SHA-256。"),
        SHA1,
    ),
    mistake(
        "digest-hmac-sha256",
        Family::Digest,
        Change::Digest(Digest::HmacSha256),
        say("The digest is HMAC-SHA256 with the key.", "摘要算法用了 HMAC-SHA256。"),
        SHA1,
    ),
    mistake(
        "digest-hmac-sha1",
        Family::Digest,
        Change::Digest(Digest::HmacSha1),
        say("The digest is HMAC-SHA1 with the key.", "摘要算法用了 HMAC-SHA1。"),
        SHA1,
    ),
    mistake(
        "key-lower-case",
        Family::Key,
        Change::KeyForm(KeyForm::Lower),
        say("The key was lower-cased.", "密钥被转成了小写。"),
        say("Use the key as it stands; only names are lower-cased.", "密钥保持原样，只有参数名转小写。"),
    ),
    mistake(
        "key-upper-case",
        Family::Key,
        Change::KeyForm(KeyForm::Upper),
        say("The key was upper-cased.", "密钥被转成了大写。"),
        say("Use the key as it stands.", "密钥保持原样。"),
    ),
    mistake(
        "join-trailing-ampersand",
        Family::Join,
        Change::Join(Join::TrailingAmpersand),
        say("The text ends with &.", "文本末尾多了一个 &。"),
        say("Put & between the pairs only.", "& 只放在参数之间。"),
    ),
    mistake(
        "join-without-ampersand",
        Family::Join,
        Change::Join(Join::Glued),
        say("The pairs are not separated by &.", "参数之间没有 &。"),
        say("Put & between the pairs.", "参数之间用 & 连接。"),
    ),
    mistake(
        "join-quoted",
        Family::Join,
        Change::Join(Join::Quoted),
        say("The values stand in quotes.", "值带了引号。"),
        say("Join as name=value, without quotes.", "按 name=value 拼接，不加引号。"),
    ),
];

/// A signed field that was left out.
pub(crate) const FIELD_DROPPED: Mistake = mistake(
    "field-dropped",
    Family::Fields,
    Change::DropField(0),
    say("A field that must be signed was left out.", "漏签了一个必须签名的字段。"),
    say(
        "Sign every field of the message's list, also when it seems optional.",
        "文档列出的字段都要签名，看似可选的也一样。",
    ),
);

/// A field that has another value in the signed text than in the message.
pub(crate) const FIELD_DIFFERS: Mistake = mistake(
    "field-differs",
    Family::Fields,
    Change::TakeSigned(0),
    say(
        "A field of the message has another value than the one that was signed.",
        "消息里某个字段的值与签名时的值不同。",
    ),
    SAME_VALUES,
);

/// A field that stands in the signed text and not in the message.
pub(crate) const FIELD_NOT_SENT: Mistake = mistake(
    "field-not-sent",
    Family::Fields,
    Change::TakeSigned(0),
    say("A field that was signed is not in the message.", "某个字段参与了签名，消息里却没有。"),
    say(
        "Sign exactly the fields of the message's list, and send each of them.",
        "只签名文档列出的字段，并且每一个都要发送。",
    ),
);

/// Another of the supplied secrets.
pub(crate) const OTHER_SECRET: Mistake = mistake(
    "key-other",
    Family::Key,
    Change::Secret(0),
    say("Another secret was used as the key.", "用错了密钥：用的是另一个密钥。"),
    say(
        "Use the paySignKey: 128 characters, not the AppSecret, the partnerKey or the API key.",
        "使用 paySignKey（128 位），不是 AppSecret、partnerKey 或 API 密钥。",
    ),
);

/// A time stamp that was made anew after signing.
pub(crate) const TIME_REGENERATED: Mistake = mistake(
    "time-regenerated",
    Family::Numbers,
    Change::OtherTime,
    say("Another time stamp was signed than the one that is sent.", "签名用的时间戳与发送的时间戳不是同一个。"),
    say("Read the clock once, and use that one value for signing and sending.", "只取一次时间，签名和发送用同一个值。"),
);
