namespace Hive.Building;

/// <summary>Files that commonly hold keys and passwords. Brains see neither their texts nor their names.</summary>
internal static class SecretFiles
{
    private static readonly HashSet<string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        ".env", ".envrc", ".netrc", "_netrc", ".npmrc", ".pypirc", ".pgpass", ".htpasswd", ".git-credentials", ".dockercfg",
        "credentials", "credentials.json", "secrets.json", "secrets.yaml", "secrets.yml", "id_rsa", "id_dsa", "id_ecdsa", "id_ed25519",
    };

    private static readonly HashSet<string> Endings = new(StringComparer.OrdinalIgnoreCase)
    {
        ".pem", ".key", ".p12", ".pfx", ".jks", ".keystore", ".kdbx", ".ppk", ".p8", ".snk", ".tfvars", ".tfstate",
    };

    private static readonly HashSet<string> Examples = new(StringComparer.OrdinalIgnoreCase) { ".example", ".sample", ".template", ".dist" };

    /// <summary>Whether a file is likely to hold secrets, judged by its name.</summary>
    /// <param name="path">Its path, with <c>/</c> between its parts.</param>
    public static bool IsSecret(string path)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        var ending = Path.GetExtension(name);
        return Names.Contains(name) || Endings.Contains(ending)
            || (name.StartsWith(".env.", StringComparison.OrdinalIgnoreCase) && !Examples.Contains(ending));
    }
}
