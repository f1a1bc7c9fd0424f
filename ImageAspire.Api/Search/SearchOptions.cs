using Microsoft.Extensions.Options;

namespace ImageAspire.Api.Search;

/// <summary>Search by meaning and similar images (configuration section <c>Search</c>). docs/search.md says how the defaults were measured.</summary>
internal sealed class SearchOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Search";

    /// <summary>How long a search waits for the vector of its text before words alone answer.</summary>
    public TimeSpan MeaningTimeLimit { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The least score of a text with what was seen or written.</summary>
    public double MinMeaning { get; set; } = 0.55;

    /// <summary>The least score of a text with the image itself, where both have vectors of one model (Azure AI Vision).</summary>
    public double MinMeaningOfImage { get; set; } = 0.25;

    /// <summary>The least score of two images that are alike.</summary>
    public double MinAlike { get; set; } = 0.6;

    /// <summary>In how many of 64 bits the perceptual hashes of near-duplicates differ at the most.</summary>
    public int MaxDuplicateDistance { get; set; } = 10;

    internal sealed class Validator : IValidateOptions<SearchOptions>
    {
        public ValidateOptionsResult Validate(string? name, SearchOptions options)
        {
            var errors = new List<string>();
            CheckScore(errors, nameof(MinMeaning), options.MinMeaning);
            CheckScore(errors, nameof(MinMeaningOfImage), options.MinMeaningOfImage);
            CheckScore(errors, nameof(MinAlike), options.MinAlike);
            if (options.MaxDuplicateDistance is < 0 or > 24)
                errors.Add($"{Section}:{nameof(MaxDuplicateDistance)} is {options.MaxDuplicateDistance}; it must be a whole number from 0 to 24.");
            if (options.MeaningTimeLimit < TimeSpan.FromMilliseconds(10) || options.MeaningTimeLimit > TimeSpan.FromSeconds(10))
                errors.Add($"{Section}:{nameof(MeaningTimeLimit)} is {options.MeaningTimeLimit}; it must be from 00:00:00.01 to 00:00:10.");
            return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
        }

        // Not a number is neither.
        private static void CheckScore(List<string> errors, string key, double score)
        {
            if (!(score is > 0 and <= 1))
                errors.Add(FormattableString.Invariant($"{Section}:{key} is {score}; it must be more than 0 and at most 1."));
        }
    }
}
