using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace ImageAspire.Api.Access;

/// <summary>API keys, sign-in and limits of anonymous calls (configuration section <c>Access</c>). Keys are configured as hashes; where a platform stores secrets, the key itself may be set, and is hashed when it is read.</summary>
internal sealed class AccessOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Access";

    internal const int MaxRate = 1_000_000;
    internal const long MaxQuota = 1L << 50;

    /// <summary>Configured API keys.</summary>
    public IList<KeyOptions> Keys { get; } = [];

    /// <summary>How many bytes the images of a key may need that has no quota of its own; 0 for not limited.</summary>
    public long QuotaBytes { get; set; }

    /// <summary>Wrong keys after which an address is locked out; 0 for never.</summary>
    public int WrongKeys { get; set; } = 20;

    /// <summary>The period in which wrong keys are counted.</summary>
    public TimeSpan WrongKeysWithin { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a lock-out lasts.</summary>
    public TimeSpan LockOutTime { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Calls a second that an address may send without a valid key; 0 for unlimited.</summary>
    public int AnonymousRequestsPerSecond { get; set; } = 20;

    /// <summary>Burst of these calls.</summary>
    public int AnonymousBurst { get; set; } = 200;

    /// <summary>How often refused calls are written to the audit log; equal ones become one entry.</summary>
    public TimeSpan DeniedCallsWindow { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often an instance polls the store of the keys: for so long other instances still accept a revoked key.</summary>
    public TimeSpan KeyPoll { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The quota in force for a key with this setting; null for not limited.</summary>
    internal long? QuotaOf(long? ofKey) => (ofKey ?? QuotaBytes) is > 0 and var quota ? quota : null;

    internal sealed class Validator : IValidateOptions<AccessOptions>
    {
        public ValidateOptionsResult Validate(string? name, AccessOptions options)
        {
            var errors = new List<string>();
            for (var i = 0; i < options.Keys.Count; i++)
                Check(errors, $"{Section}:Keys:{i}", options.Keys[i]);
            foreach (var twice in options.Keys.GroupBy(key => key.Name).Where(group => group.Count() > 1))
                errors.Add($"{Section}:Keys has the name '{twice.Key}' more than once; each key needs its own.");
            CheckLimits(errors, options);
            return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
        }

        private static void CheckLimits(List<string> errors, AccessOptions options)
        {
            CheckQuota(errors, $"{Section}:{nameof(QuotaBytes)}", options.QuotaBytes);
            Number(nameof(WrongKeys), options.WrongKeys, 0);
            Number(nameof(AnonymousRequestsPerSecond), options.AnonymousRequestsPerSecond, 0);
            Number(nameof(AnonymousBurst), options.AnonymousBurst, 1);
            Time(nameof(WrongKeysWithin), options.WrongKeysWithin, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));
            Time(nameof(LockOutTime), options.LockOutTime, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));
            Time(nameof(DeniedCallsWindow), options.DeniedCallsWindow, TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1));
            Time(nameof(KeyPoll), options.KeyPoll, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1));

            void Number(string name, int value, int least)
            {
                if (value < least || value > MaxRate)
                    errors.Add($"{Section}:{name} is {value}; it must be a whole number from {least} to {MaxRate}.");
            }

            void Time(string name, TimeSpan value, TimeSpan least, TimeSpan most)
            {
                if (value < least || value > most)
                    errors.Add($"{Section}:{name} is {value}; it must be from {least} to {most}.");
            }
        }

        private static void Check(List<string> errors, string at, KeyOptions key)
        {
            if (string.IsNullOrWhiteSpace(key.Name))
                errors.Add($"{at}:Name is missing; it appears in records and in the audit log.");
            if (key.Sha256.Length > 0 && key.Key is not null)
                errors.Add($"{at} has both Sha256 and Key; give it one of them.");
            else if (key.Key is { Length: < KeyOptions.MinKeyLength })
                errors.Add($"{at}:Key is shorter than {KeyOptions.MinKeyLength} characters; make it long and random.");
            else if (key.Key is null && !IsHash(key.Sha256))
                errors.Add($"{at}:Sha256 must be 64 hexadecimal digits, the SHA-256 of the key.");
            foreach (var scope in key.ScopeNames.Where(scope => !Scopes.All.Contains(scope)))
                errors.Add($"{at}:Scopes names '{scope}'; known are {string.Join(", ", Scopes.All)}.");
            if (key.ScopeNames.Length == 0)
                errors.Add($"{at}:Scopes is empty; give it one or more of {string.Join(", ", Scopes.All)}.");
            CheckQuota(errors, $"{at}:QuotaBytes", key.QuotaBytes);
            if (key.RequestsPerSecond is < 0 or > MaxRate)
                errors.Add($"{at}:RequestsPerSecond is {key.RequestsPerSecond}; it must be from 0 (not limited) to {MaxRate}.");
            if (key.Burst is < 1 or > MaxRate)
                errors.Add($"{at}:Burst is {key.Burst}; it must be from 1 to {MaxRate}.");
        }

        private static void CheckQuota(List<string> errors, string key, long? value)
        {
            if (value is < 0 or > MaxQuota)
                errors.Add($"{key} is {value}; it must be a whole number from 0 (not limited) to {MaxQuota}.");
        }

        private static bool IsHash(string? text) => text is { Length: 64 } && text.All(char.IsAsciiHexDigit);
    }
}

/// <summary>A configured API key.</summary>
internal sealed class KeyOptions
{
    internal const int MinKeyLength = 20;

    /// <summary>Its name, in records and in the audit log.</summary>
    public string Name { get; set; } = "";

    /// <summary>SHA-256 of the key, 64 hexadecimal digits. Keys are long and random, so a fast hash is enough.</summary>
    public string Sha256 { get; set; } = "";

    /// <summary>The key itself, for a platform that provides secrets (Container Apps, user secrets), at least 20 characters; else null.</summary>
    public string? Key { get; set; }

    /// <summary>Scopes, separated by commas: read, write, operate.</summary>
    public string Scopes { get; set; } = "";

    /// <summary>Sustained rate; 0 for not limited.</summary>
    public int RequestsPerSecond { get; set; } = 200;

    /// <summary>How many requests may come at once.</summary>
    public int Burst { get; set; } = 400;

    /// <summary>How many bytes its images may need; 0 for not limited, null for <c>Access:QuotaBytes</c>.</summary>
    public long? QuotaBytes { get; set; }

    internal byte[] Hash => Key is null ? Convert.FromHexString(Sha256) : SHA256.HashData(Encoding.UTF8.GetBytes(Key));

    internal string[] ScopeNames => Scopes.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
