#pragma once
#include <map>
#include <string>
#include <vector>

struct Network {
    std::map<std::string, std::map<std::string, int>> minutes;

    static Network read(const std::string& path);
    std::vector<std::string> route(const std::string& from, const std::string& to) const;
    std::string dot() const;
};
