using ImageAspire.Api.Search;

namespace ImageAspire.Tests.Api;

public sealed class SearchOptionsTests
{
    [Fact]
    public void Validate_Defaults_AreAccepted() => new SearchOptions.Validator().Validate(null, new SearchOptions()).Succeeded.ShouldBeTrue();

    [Fact]
    public void Validate_WrongValues_AreAllNamed()
    {
        var options = new SearchOptions
        {
            MinMeaning = 0, MinMeaningOfImage = 1.1, MinAlike = double.NaN, MaxDuplicateDistance = 25, MeaningTimeLimit = TimeSpan.FromSeconds(11),
        };

        new SearchOptions.Validator().Validate(null, options).Failures.ShouldNotBeNull().Select(one => one.Split(' ')[0]).ShouldBe(
            ["Search:MinMeaning", "Search:MinMeaningOfImage", "Search:MinAlike", "Search:MaxDuplicateDistance", "Search:MeaningTimeLimit"]);
    }
}
